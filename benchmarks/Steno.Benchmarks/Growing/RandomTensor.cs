using System.Runtime.InteropServices;

namespace Steno.Benchmarks.Growing;

/// <summary>Pseudo-random values, nearly normal, of the deviation that the published models were initialised with.</summary>
internal sealed class RandomTensor(string name, ulong seed, params int[] shape) : TensorRecipe(name, shape)
{
    private const double StandardDeviation = 0.02;

    // A sum of four bytes has the mean 4 * 127.5 and the variance 4 * (256^2 - 1) / 12.
    private const float Mean = 510f;
    private static readonly float Scale = (float)(StandardDeviation / Math.Sqrt(4 * 65535 / 12.0));

    private readonly ulong _tensorSeed = SeedOf(name, seed);

    public override void FillRow(int row, Span<float> destination)
    {
        ulong state = Mix(_tensorSeed + (ulong)row);
        for (int i = 0; i < destination.Length; i += 2)
        {
            ulong bits = Mix(state += 0x9E3779B97F4A7C15);
            destination[i] = Normal((uint)bits);
            if (i + 1 < destination.Length) destination[i + 1] = Normal((uint)(bits >> 32));
        }
    }

    private static float Normal(uint bits) =>
        ((bits & 0xFF) + ((bits >> 8) & 0xFF) + ((bits >> 16) & 0xFF) + (bits >> 24) - Mean) * Scale;

    // FNV-1a over the name, so that tensors differ and do not depend on the order they are written in.
    private static ulong SeedOf(string name, ulong seed)
    {
        ulong hash = 0xCBF29CE484222325 ^ seed;
        foreach (ushort unit in MemoryMarshal.Cast<char, ushort>(name.AsSpan())) hash = (hash ^ unit) * 0x100000001B3;
        return hash;
    }

    // The finaliser of SplitMix64.
    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}

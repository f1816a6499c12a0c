using System.Runtime.InteropServices;
using Steno.Kernels;
using Steno.Tensors;

namespace Steno.Speech;

/// <summary>The weights of Silero VAD 6 for 16 kHz, packed for the kernels. Immutable, shared by all detectors of the process.</summary>
/// <remarks>
/// The resource is bare float32, little-endian, in the order in which it is read here (models/silero-vad/README.md). A convolution [outputs, inputs, 3]
/// becomes a matrix over its taps, one after the other: k = tap * inputs + input. Taps that only ever meet padding are left out: of the third layer,
/// which has two steps and stands on the first, the tap before it; of the fourth, which has one step, both neighbours.
/// </remarks>
internal sealed class SileroWeights
{
    /// <summary>Samples under one spectrum.</summary>
    public const int BasisLength = 256;

    /// <summary>Bins of a spectrum.</summary>
    public const int BinCount = 129;

    /// <summary>Bins filled up to whole panels: the imaginary parts begin at this row of <see cref="Basis"/>.</summary>
    public const int PaddedBinCount = 144;

    /// <summary>Width of the first and last convolution, and of the recurrent layer.</summary>
    public const int Width = 128;

    /// <summary>Width of the convolutions between.</summary>
    public const int NarrowWidth = 64;

    private const string Resource = "silero-vad-16k.f32";
    private const int WeightCount = 309_633;
    private const int TapCount = 3;
    private const int GateCount = 4;

    private static readonly Lazy<SileroWeights> Loaded = new(() => new SileroWeights(ReadResource()));

    private SileroWeights(ReadOnlySpan<float> weights)
    {
        Basis = PackBasis(Take(ref weights, 2 * BinCount * BasisLength));
        Convolution1 = PackConvolution(Take(ref weights, Width * BinCount * TapCount), Width, BinCount, 0, 1, 2);
        Bias1 = Copy(Take(ref weights, Width));
        Convolution2 = PackConvolution(Take(ref weights, NarrowWidth * Width * TapCount), NarrowWidth, Width, 0, 1, 2);
        Bias2 = Copy(Take(ref weights, NarrowWidth));
        Convolution3 = PackConvolution(Take(ref weights, NarrowWidth * NarrowWidth * TapCount), NarrowWidth, NarrowWidth, 1, 2);
        Bias3 = Copy(Take(ref weights, NarrowWidth));
        Convolution4 = PackConvolution(Take(ref weights, Width * NarrowWidth * TapCount), Width, NarrowWidth, 1);
        Bias4 = Copy(Take(ref weights, Width));
        InputGates = Pack(Take(ref weights, GateCount * Width * Width), GateCount * Width, Width);
        StateGates = Pack(Take(ref weights, GateCount * Width * Width), GateCount * Width, Width);
        GateBias = Copy(Take(ref weights, GateCount * Width));
        ReadOnlySpan<float> stateBias = Take(ref weights, GateCount * Width);
        for (int i = 0; i < stateBias.Length; i++) GateBias.Span[i] += stateBias[i];
        Output = Copy(Take(ref weights, Width));
        OutputBias = Take(ref weights, 1)[0];
    }

    /// <summary>The weights that ship inside the library.</summary>
    public static SileroWeights Shared => Loaded.Value;

    /// <summary>Real and imaginary parts of the windowed transform: [2 * <see cref="PaddedBinCount"/>, 256].</summary>
    public PackedMatrix Basis { get; }

    /// <summary>[128, 3 * 129].</summary>
    public PackedMatrix Convolution1 { get; }

    public AlignedBuffer<float> Bias1 { get; }

    /// <summary>[64, 3 * 128].</summary>
    public PackedMatrix Convolution2 { get; }

    public AlignedBuffer<float> Bias2 { get; }

    /// <summary>[64, 2 * 64]: the middle tap and the last.</summary>
    public PackedMatrix Convolution3 { get; }

    public AlignedBuffer<float> Bias3 { get; }

    /// <summary>[128, 64]: the middle tap.</summary>
    public PackedMatrix Convolution4 { get; }

    public AlignedBuffer<float> Bias4 { get; }

    /// <summary>Input to gates, in the order input, forget, cell, output: [4 * 128, 128].</summary>
    public PackedMatrix InputGates { get; }

    /// <summary>Previous output to gates: [4 * 128, 128].</summary>
    public PackedMatrix StateGates { get; }

    /// <summary>Sum of the two biases of the gates.</summary>
    public AlignedBuffer<float> GateBias { get; }

    /// <summary>[128].</summary>
    public AlignedBuffer<float> Output { get; }

    public float OutputBias { get; }

    /// <summary>All weights in the order of the resource.</summary>
    internal static float[] ReadResource()
    {
        using Stream stream = typeof(SileroWeights).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The library was built without its resource {Resource}.");
        float[] weights = new float[WeightCount];
        stream.ReadExactly(MemoryMarshal.AsBytes(weights.AsSpan()));
        if (stream.ReadByte() >= 0) throw new InvalidOperationException($"The resource {Resource} is longer than {WeightCount} weights.");
        return weights;
    }

    private static ReadOnlySpan<float> Take(ref ReadOnlySpan<float> weights, int count)
    {
        ReadOnlySpan<float> taken = weights[..count];
        weights = weights[count..];
        return taken;
    }

    private static AlignedBuffer<float> Copy(ReadOnlySpan<float> values)
    {
        var copy = new AlignedBuffer<float>(values.Length, isZeroed: false);
        values.CopyTo(copy.Span);
        return copy;
    }

    private static PackedMatrix Pack(ReadOnlySpan<float> weights, int rowCount, int columnCount)
    {
        var matrix = new PackedMatrix(WeightFormat.F32, rowCount, columnCount);
        for (int row = 0; row < rowCount; row++) matrix.SetRow(row, weights.Slice(row * columnCount, columnCount));
        return matrix;
    }

    private static PackedMatrix PackBasis(ReadOnlySpan<float> weights)
    {
        float[] padded = new float[2 * PaddedBinCount * BasisLength];
        weights[..(BinCount * BasisLength)].CopyTo(padded);
        weights[(BinCount * BasisLength)..].CopyTo(padded.AsSpan(PaddedBinCount * BasisLength));
        return Pack(padded, 2 * PaddedBinCount, BasisLength);
    }

    private static PackedMatrix PackConvolution(ReadOnlySpan<float> weights, int outputCount, int inputCount, params ReadOnlySpan<int> taps)
    {
        var matrix = new PackedMatrix(WeightFormat.F32, outputCount, taps.Length * inputCount);
        float[] row = new float[taps.Length * inputCount];
        for (int output = 0; output < outputCount; output++)
        {
            for (int i = 0; i < row.Length; i++)
                row[i] = weights[(((output * inputCount) + (i % inputCount)) * TapCount) + taps[i / inputCount]];
            matrix.SetRow(output, row);
        }

        return matrix;
    }
}

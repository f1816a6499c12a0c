using System.Runtime.Intrinsics;

namespace Steno.Quantization;

/// <summary>Eight groups of a block side by side, one in each lane of a vector, so that a search goes through eight in step.</summary>
/// <remarks>Each lane is computed as if it were alone, sums in the order of the elements: so the width of the vectors changes nothing.</remarks>
internal static class EightGroups
{
    /// <summary>Groups that go in step.</summary>
    public const int Count = 8;

    /// <summary>Brings groups side by side.</summary>
    /// <param name="groups">One after the other, of equal length; at most eight. Lanes without one hold zeros.</param>
    /// <param name="lanes">[length of a group]: element i of every group.</param>
    public static void Load(ReadOnlySpan<float> groups, Span<Vector256<float>> lanes)
    {
        Span<float> element = stackalloc float[Count];
        element.Clear();
        int groupCount = groups.Length / lanes.Length;
        for (int i = 0; i < lanes.Length; i++)
        {
            for (int group = 0; group < groupCount; group++) element[group] = groups[(group * lanes.Length) + i];
            lanes[i] = Vector256.Create((ReadOnlySpan<float>)element);
        }
    }

    /// <summary>Takes codes apart again.</summary>
    /// <param name="lanes">[length of a group]: whole numbers from 0 to 255.</param>
    /// <param name="groups">Receives the groups one after the other.</param>
    public static void Store(ReadOnlySpan<Vector256<float>> lanes, Span<byte> groups)
    {
        int groupCount = groups.Length / lanes.Length;
        for (int i = 0; i < lanes.Length; i++)
        {
            for (int group = 0; group < groupCount; group++) groups[(group * lanes.Length) + i] = (byte)lanes[i][group];
        }
    }

    /// <summary>Rounds to the nearest whole number, ties to even, within bounds.</summary>
    public static Vector256<float> Round(Vector256<float> values, Vector256<float> minimum, Vector256<float> maximum) =>
        Vector256.Max(minimum, Vector256.Min(maximum, Vector256.Round(values)));
}

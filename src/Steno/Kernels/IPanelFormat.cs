using System.Runtime.Intrinsics;

namespace Steno.Kernels;

/// <summary>How a panel of a quantised <see cref="PackedMatrix"/> stores its weights: 16 output rows by blocks of 32 columns.</summary>
/// <remarks>
/// A weight is <c>scale * (code - CodeOffset) - minimum</c>, with one scale (and, where <see cref="HasMinimums"/>, one minimum) for each output
/// and block. Codes are unsigned, because the dot instruction of x86 wants one unsigned factor; the offset never costs an
/// instruction, since <c>sum((code - offset) * x) = sum(code * x) - offset * sum(x)</c> and the second term belongs to the activations
/// (<see cref="QuantizedRows"/>).
/// <para>
/// The 32 columns of a block make 8 quads of 4. A kernel reads of each quad 4 codes of some neighbouring outputs, side by side: byte
/// <c>4 * output + column</c>, so that a 32-bit lane holds what one output needs for four columns.
/// </para>
/// </remarks>
internal unsafe interface IPanelFormat
{
    /// <summary>What is taken from each code.</summary>
    static abstract int CodeOffset { get; }

    /// <summary>Largest code.</summary>
    static abstract int MaxCode { get; }

    /// <summary>True where a block has minimums beside its scales.</summary>
    static abstract bool HasMinimums { get; }

    /// <summary>Bytes of a panel with this many blocks.</summary>
    static abstract long PanelBytes(int blockCount);

    /// <summary>The codes of a block, of all 16 outputs.</summary>
    static abstract byte* Block(byte* panel, int block);

    /// <summary>Codes of all 16 outputs in one quad of columns.</summary>
    /// <param name="block">From <see cref="Block"/>.</param>
    /// <param name="pair">First quad of a pair: 0, 2, 4 or 6.</param>
    /// <param name="member">0 for that quad, 1 for the next; a constant, since formats may store the two differently.</param>
    static abstract Vector512<byte> Codes512(byte* block, int pair, int member);

    /// <summary>Codes of 8 outputs in one quad of columns.</summary>
    /// <param name="block">From <see cref="Block"/>.</param>
    /// <param name="pair">First quad of a pair: 0, 2, 4 or 6.</param>
    /// <param name="member">0 for that quad, 1 for the next; a constant, since formats may store the two differently.</param>
    /// <param name="half">0 for outputs 0 to 7, 1 for the others.</param>
    static abstract Vector256<byte> Codes256(byte* block, int pair, int member, int half);

    /// <summary>Codes of 4 outputs in one quad of columns.</summary>
    /// <param name="block">From <see cref="Block"/>.</param>
    /// <param name="pair">First quad of a pair: 0, 2, 4 or 6.</param>
    /// <param name="member">0 for that quad, 1 for the next; a constant, since formats may store the two differently.</param>
    /// <param name="quarter">0 for outputs 0 to 3, and so on.</param>
    static abstract Vector128<byte> Codes128(byte* block, int pair, int member, int quarter);

    /// <summary>One code.</summary>
    static abstract int Code(byte* block, int column, int output);

    /// <summary>Scales of neighbouring outputs.</summary>
    /// <param name="panel">The panel.</param>
    /// <param name="block">Index of the block.</param>
    /// <param name="output">The first output.</param>
    static abstract TVector Scales<TLanes, TVector>(byte* panel, int block, int output)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct;

    /// <summary>Minimums of neighbouring outputs; only where <see cref="HasMinimums"/>.</summary>
    static abstract TVector Minimums<TLanes, TVector>(byte* panel, int block, int output)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct;
}

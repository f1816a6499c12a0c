using System.Runtime.Intrinsics;

namespace Steno.Kernels;

/// <summary>How the codes of a block of a panel are stored: 16 output rows by 32 columns.</summary>
internal unsafe interface IPanelCodes
{
    /// <summary>What is taken from each code.</summary>
    static abstract int CodeOffset { get; }

    /// <summary>Largest code.</summary>
    static abstract int MaxCode { get; }

    /// <summary>Bytes of a block.</summary>
    static abstract int ByteCount { get; }

    /// <inheritdoc cref="IPanelFormat.Codes512"/>
    static abstract Vector512<byte> Codes512(byte* block, int pair, int member);

    /// <inheritdoc cref="IPanelFormat.Codes256"/>
    static abstract Vector256<byte> Codes256(byte* block, int pair, int member, int half);

    /// <inheritdoc cref="IPanelFormat.Codes128"/>
    static abstract Vector128<byte> Codes128(byte* block, int pair, int member, int quarter);

    /// <inheritdoc cref="IPanelFormat.Code"/>
    static abstract int Code(byte* block, int column, int output);

    /// <summary>
    /// Sets the codes of one output in a block. Outputs may share bytes: those of a panel are set in ascending order, by one thread.
    /// </summary>
    /// <param name="block">The block.</param>
    /// <param name="output">0 to 15.</param>
    /// <param name="codes">[32], four to an integer, the first in its lowest bits.</param>
    static abstract void SetCodes(byte* block, int output, uint* codes);
}

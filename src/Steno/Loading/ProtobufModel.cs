using System.Text;

namespace Steno.Loading;

/// <summary>
/// Knows the two model formats that are protocol buffers and have no magic number by the fields that they begin with. ONNX: ir_version (1), a number; then
/// producer_name (2), a text, or graph (7) or opset_import (8). Core ML: specificationVersion (1), a number; then description (2), a message.
/// </summary>
internal static class ProtobufModel
{
    private const int MaxVersion = 64;
    private const byte VersionTag = 1 << 3;
    private const byte SecondTag = (2 << 3) | 2;
    private const byte GraphTag = (7 << 3) | 2;
    private const byte OpsetTag = (8 << 3) | 2;

    /// <summary>Tells which of them some first bytes are of; null where neither.</summary>
    public static ForeignFormat? Recognize(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 8 || bytes[0] != VersionTag || bytes[1] is 0 or > MaxVersion) return null;
        if (bytes[2] is GraphTag or OpsetTag) return ForeignFiles.Onnx;
        if (bytes[2] != SecondTag) return null;
        int length = bytes[3];
        if (length > 127) return ForeignFiles.CoreMl;
        ReadOnlySpan<byte> second = bytes[4..Math.Min(bytes.Length, 4 + length)];
        if (second.IndexOfAnyExceptInRange((byte)' ', (byte)'~') >= 0) return ForeignFiles.CoreMl;
        return Encoding.ASCII.GetString(second).Contains("pulsar", StringComparison.OrdinalIgnoreCase)
            ? new ForeignFormat("an Axera model, compiled by Pulsar", "it is compiled for Axera chips")
            : ForeignFiles.Onnx;
    }
}

using System.Buffers.Binary;
using System.Text;

namespace Steno.Tests.Audio;

/// <summary>Puts together WAV files byte by byte, right ones and wrong ones.</summary>
internal sealed class WavBuilder
{
    private readonly List<byte> _content = [];

    public WavBuilder(string form = "RIFF", uint? formSize = null, string type = "WAVE")
    {
        FormSize = formSize;
        Text(form).UInt32(formSize ?? 0).Text(type);
    }

    private uint? FormSize { get; }

    public WavBuilder Text(string ascii) => Bytes(Encoding.ASCII.GetBytes(ascii));

    public WavBuilder Bytes(params ReadOnlySpan<byte> bytes)
    {
        _content.AddRange(bytes);
        return this;
    }

    public WavBuilder UInt32(uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return Bytes(bytes);
    }

    public WavBuilder UInt16(int value)
    {
        Span<byte> bytes = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)value);
        return Bytes(bytes);
    }

    public WavBuilder Format(int tag = 1, int channels = 1, uint rate = 16000, int bits = 16, int? bytesPerFrame = null)
    {
        int frame = bytesPerFrame ?? channels * bits / 8;
        return Text("fmt ").UInt32(16).UInt16(tag).UInt16(channels).UInt32(rate).UInt32(rate * (uint)frame).UInt16(frame).UInt16(bits);
    }

    public WavBuilder ExtensibleFormat(int channels, int bits, int validBits, int subFormat, byte lastGuidByte = 0x71)
    {
        int frame = channels * bits / 8;
        return Text("fmt ").UInt32(40).UInt16(0xFFFE).UInt16(channels).UInt32(16000).UInt32((uint)(16000 * frame)).UInt16(frame).UInt16(bits)
            .UInt16(22).UInt16(validBits).UInt32(0)
            .UInt16(subFormat).Bytes(0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, lastGuidByte);
    }

    /// <summary>A chunk; the size and the padding may lie.</summary>
    public WavBuilder Chunk(string id, ReadOnlySpan<byte> body, uint? size = null, bool padded = true)
    {
        Text(id).UInt32(size ?? (uint)body.Length).Bytes(body);
        if (padded && body.Length % 2 != 0) Bytes(0);
        return this;
    }

    /// <summary>A data chunk of 16-bit samples.</summary>
    public WavBuilder Samples(uint? size, params ReadOnlySpan<short> samples)
    {
        Text("data").UInt32(size ?? (uint)(2 * samples.Length));
        foreach (short sample in samples)
            UInt16(sample);
        return this;
    }

    public byte[] Build()
    {
        byte[] file = [.. _content];
        if (FormSize is null) BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(4), (uint)file.Length - 8);
        return file;
    }
}

using System.Buffers.Binary;
using System.Text;

namespace Steno.Tests.Audio.Containers;

/// <summary>AVI files that are put together here, chunk by chunk, as the RIFF specification and OpenDML have them.</summary>
public sealed class AviWalkTests
{
    private static byte[] Head => List("hdrl", Chunk("avih", 56));

    private static byte[] Audio => [.. Enumerable.Range(0, 20).SelectMany(_ => Chunk("01wb", 417))];

    public static TheoryData<string> SoundKinds => ["plain", "index", "JUNK", "zeros", "rec", "OpenDML", "without padding", "unknown sizes", "junk behind", "tag behind", "zeros behind", "size too small"];

    [Theory]
    [MemberData(nameof(SoundKinds))]
    public void Odd_but_sound_files_are_accepted(string kind) => Walks.Follow(Sound(kind));

    // Wherever it begins inside the list, as long as a header is hit.
    [Theory]
    [MemberData(nameof(SoundKinds))]
    public void Noise_over_a_header_is_damage(string kind)
    {
        byte[] file = Sound(kind);
        int[] headers = [.. Enumerable.Range(0, file.Length - 8).Where(place => file.AsSpan(place).StartsWith("01wb"u8))];
        foreach (int place in (int[])[headers[3], headers[10], headers[^2]])
        {
            byte[] broken = [.. file];
            new Random(place).NextBytes(broken.AsSpan(place - 100, 300));
            broken[place] = 0x81;
            Assert.Contains("AVI chunk", Walks.Fault(broken), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_chunk_that_ends_behind_its_list_is_damage()
    {
        byte[] file = Sound("index");
        int last = file.AsSpan().LastIndexOf("01wb"u8.ToArray().Concat(new byte[] { 0xA1, 1 }).ToArray());
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(last + 4), 440);

        Assert.Contains($"the AVI chunk at byte {last} ends behind its list", Walks.Fault(file), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_ends_inside_its_list_is_cut_off()
    {
        byte[] file = Sound("plain");
        foreach (int length in (int[])[file.Length - 20, file.Length - 426, file.Length - (426 * 5), file.Length - 300])
            Assert.Contains("it is cut off", Walks.Fault(file[..length]), StringComparison.Ordinal);
    }

    private static byte[] Sound(string kind) => kind switch
    {
        "plain" => Form("AVI ", Head, List("movi", Audio)),
        "index" => Form("AVI ", Head, List("movi", Audio), Chunk("idx1", 320)),
        "JUNK" => Form("AVI ", Head, Chunk("JUNK", 777), List("movi", Audio, Chunk("JUNK", 1001), Audio), Chunk("idx1", 64), Chunk("JUNK", 12)),
        "zeros" => Form("AVI ", Head, List("movi", Audio, new byte[999], Audio), Chunk("idx1", 64)),
        "rec" => Form("AVI ", Head, List("movi", List("rec ", Chunk("00dc", 1000), Audio), List("rec ", Chunk("00dc", 11), Audio))),
        "OpenDML" => [.. Form("AVI ", Head, List("movi", Audio, Chunk("ix01", 200)), Chunk("idx1", 64)), .. Form("AVIX", List("movi", Audio, Chunk("ix01", 200)))],
        "without padding" => Form("AVI ", Head, List("movi", Enumerable.Range(0, 20).SelectMany(_ => Chunk("01wb", 417)[..^1]).ToArray()), Chunk("idx1", 64)),
        "unknown sizes" => Unsized(Form("AVI ", Head, List("movi", Audio))),
        "junk behind" => [.. Form("AVI ", Head, List("movi", Audio), Chunk("idx1", 64)), .. Encoding.ASCII.GetBytes("What a download manager left.\n\u0001\u0002")],
        "tag behind" => [.. Unsized(Form("AVI ", Head, List("movi", Audio))), .. "TAG"u8, .. new byte[125]],
        "zeros behind" => [.. Form("AVI ", Head, List("movi", Audio)), .. new byte[5000]],
        _ => Small(Form("AVI ", Head, List("movi", Audio), Chunk("idx1", 64))),
    };

    // What wrote into a pipe could not go back.
    private static byte[] Unsized(byte[] file)
    {
        file.AsSpan(4, 4).Clear();
        file.AsSpan(file.AsSpan().IndexOf("movi"u8) - 4, 4).Clear();
        return file;
    }

    private static byte[] Small(byte[] file)
    {
        Span<byte> size = file.AsSpan(file.AsSpan().IndexOf("movi"u8) - 4, 4);
        BinaryPrimitives.WriteInt32LittleEndian(size, BinaryPrimitives.ReadInt32LittleEndian(size) - 8);
        return file;
    }

    private static byte[] Form(string type, params byte[][] chunks) => Sized("RIFF", type, chunks);

    private static byte[] List(string type, params byte[][] chunks) => Sized("LIST", type, chunks);

    private static byte[] Sized(string id, string type, byte[][] chunks)
    {
        byte[] content = [.. chunks.SelectMany(chunk => chunk)];
        return [.. Encoding.ASCII.GetBytes(id), .. BitConverter.GetBytes(content.Length + 4), .. Encoding.ASCII.GetBytes(type), .. content];
    }

    private static byte[] Chunk(string id, int size) => [.. Encoding.ASCII.GetBytes(id), .. BitConverter.GetBytes(size), .. Enumerable.Repeat((byte)0x55, size), .. new byte[size & 1]];
}

using System.Buffers.Binary;
using System.Text;

namespace Steno.Tests.Audio.Containers;

/// <summary>MP4 files in fragments that are put together here, box by box, as ISO 14496-12 has them.</summary>
public sealed class Mp4WalkTests
{
    private static byte[] Head => [.. Box("ftyp", "isomXXXXisom"u8.ToArray()), .. Box("moov", Box("mvhd", new byte[100]), Box("mvex", Box("trex", new byte[24])))];

    public static TheoryData<string> SoundKinds =>
        ["plain", "other boxes", "two tracks", "numbers start anew", "numbers of a common file", "all numbers alike", "uneven", "without times", "zeros behind", "tag behind", "to the end"];

    [Theory]
    [MemberData(nameof(SoundKinds))]
    public void Odd_but_sound_files_are_accepted(string kind) => Walks.Follow(Sound(kind));

    [Theory]
    [InlineData("plain")]
    [InlineData("other boxes")]
    [InlineData("without times")]
    public void Noise_over_a_header_is_damage(string kind)
    {
        byte[] file = Sound(kind);
        int[] headers = [.. Enumerable.Range(0, file.Length - 8).Where(place => file.AsSpan(place).StartsWith("moof"u8)).Select(place => place - 4)];
        foreach (int place in (int[])[headers[0], headers[3], headers[^1]])
        {
            byte[] broken = [.. file];
            new Random(place).NextBytes(broken.AsSpan(place, 300));
            broken[place + 5] = 0x81;
            Assert.Contains($"no MP4 box begins at byte {place}, where one must", Walks.Fault(broken), StringComparison.Ordinal);

            byte[] inside = [.. file];
            new Random(place).NextBytes(inside.AsSpan(place + 8, 40));
            inside[place + 8] = 0x7F;
            Assert.Contains($"the fragment at byte {place} is damaged", Walks.Fault(inside), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_box_that_runs_past_the_end_is_damage()
    {
        byte[] file = Sound("plain");
        Assert.Contains("it is cut off", Walks.Fault(file[..^10]), StringComparison.Ordinal);
        Assert.Contains("it is cut off", Walks.Fault([.. file, 0, 1, 0, 0, .. "free"u8, 1, 2, 3]), StringComparison.Ordinal);
    }

    [Fact]
    public void Fragments_that_are_missing_are_damage()
    {
        byte[] file = [.. Head, .. Enumerable.Range(1, 20).Where(number => number is < 8 or > 10).SelectMany(number => Fragment(number, number * 1000))];

        Assert.Contains("fragments are missing", Walks.Fault(file), StringComparison.Ordinal);
    }

    private static byte[] Sound(string kind) => kind switch
    {
        "plain" => [.. Head, .. Fragments(1, 12)],
        "other boxes" => [.. Head, .. Box("sidx", new byte[40]), .. Enumerable.Range(1, 12).SelectMany(number => (byte[])[.. Box("emsg", new byte[30]), .. Box("prft", new byte[24]), .. Fragment(number, number * 1000), .. Box("free"), .. Box("uuid", new byte[50])]), .. Box("mfra", new byte[60])],
        "two tracks" => [.. Head, .. Enumerable.Range(1, 24).SelectMany(number => Fragment(number, number / 2 * 1000, track: 1 + (number & 1)))],
        "numbers start anew" => [.. Head, .. Fragments(1, 12), .. Fragments(1, 12)],
        "numbers of a common file" => [.. Head, .. Enumerable.Range(1, 20).Select(number => (number * 3 / 2) + (number > 7 ? 1 : 0)).Select((number, place) => Fragment(number, place * 1000)).SelectMany(fragment => fragment)],
        "all numbers alike" => [.. Head, .. Enumerable.Range(1, 20).SelectMany(number => Fragment(7, number * 1000))],
        "uneven" => [.. Head, .. Enumerable.Range(1, 20).SelectMany(number => Fragment(number, number * number * 1000))],
        "without times" => [.. Head, .. Enumerable.Range(1, 20).SelectMany(number => Fragment(number, null))],
        "zeros behind" => [.. Head, .. Fragments(1, 12), .. new byte[5000]],
        "tag behind" => [.. Head, .. Fragments(1, 12), .. "TAG"u8, .. new byte[125]],
        _ => [.. Head, .. Fragments(1, 12), .. Fragment(13, 13_000)[..^508], 0, 0, 0, 0, .. "mdat"u8, .. Enumerable.Repeat((byte)0xAB, 900)],
    };

    private static byte[] Fragments(int first, int count) => [.. Enumerable.Range(first, count).SelectMany(number => Fragment(number, number * 1000))];

    private static byte[] Fragment(int number, int? time, int track = 1)
    {
        byte[] begins = time is { } value ? Box("tfdt", [1, 0, 0, 0, .. Big(0), .. Big(value)]) : [];
        byte[] traf = Box("traf", Box("tfhd", [0, 2, 0, 0, .. Big(track)]), begins, Box("trun", new byte[40]));
        return [.. Box("moof", Box("mfhd", [0, 0, 0, 0, .. Big(number)]), traf), .. Box("mdat", [.. Enumerable.Repeat((byte)0xAB, 500)])];
    }

    private static byte[] Box(string type, params byte[][] parts)
    {
        byte[] content = [.. parts.SelectMany(part => part)];
        return [.. Big(8 + content.Length), .. Encoding.ASCII.GetBytes(type), .. content];
    }

    private static byte[] Big(int value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}

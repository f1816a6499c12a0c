namespace Steno.Tokenization;

/// <summary>What <see cref="Nfc"/> has to know of each code point, unpacked from <see cref="NfcData"/> on first use.</summary>
internal static class NfcTables
{
    /// <summary>Code points from here on have combining class 0 and no decomposition, and combine with nothing.</summary>
    private const int Limit = 0x30000;

    private const int PageSize = 256;

    private const byte IsDecomposed = 1;
    private const byte MayCombine = 2;

    private static readonly byte[] EmptyPage = new byte[PageSize];

    private static readonly byte[][] ClassPages = NewPages();
    private static readonly byte[][] FlagPages = NewPages();
    private static readonly Dictionary<int, (int First, int Second)> Decompositions = [];
    private static readonly Dictionary<(int First, int Second), int> Compositions = [];

    static NfcTables()
    {
        ReadOnlySpan<byte> rest = Convert.FromBase64String(NfcData.Base64);
        ReadClasses(ref rest);
        ReadDecompositions(ref rest);
        for (int vowel = Hangul.VowelBase; vowel < Hangul.VowelBase + Hangul.VowelCount; vowel++) Cell(FlagPages, vowel) |= MayCombine;
        for (int tail = Hangul.TailBase + 1; tail < Hangul.TailBase + Hangul.TailCount; tail++) Cell(FlagPages, tail) |= MayCombine;
    }

    /// <summary>Canonical combining class; 0 for starters.</summary>
    public static int CombiningClass(int codePoint) =>
        codePoint < Limit ? ClassPages[codePoint / PageSize][codePoint % PageSize] : 0;

    /// <summary>True when the code point is not allowed in NFC, or only where nothing before it combines with it.</summary>
    public static bool NeedsNormalization(int codePoint) =>
        codePoint < Limit && FlagPages[codePoint / PageSize][codePoint % PageSize] != 0;

    /// <summary>One step of canonical decomposition, Hangul syllables aside; <paramref name="second"/> is 0 when there is only one part.</summary>
    public static bool TryDecompose(int codePoint, out int first, out int second)
    {
        bool isFound = Decompositions.TryGetValue(codePoint, out var parts);
        (first, second) = parts;
        return isFound;
    }

    /// <summary>The primary composite of two code points, Hangul syllables aside.</summary>
    public static bool TryCompose(int first, int second, out int composite) => Compositions.TryGetValue((first, second), out composite);

    private static void ReadClasses(ref ReadOnlySpan<byte> rest)
    {
        int end = 0;
        for (int runCount = ReadVarint(ref rest); runCount > 0; runCount--)
        {
            int start = end + ReadVarint(ref rest);
            end = start + ReadVarint(ref rest);
            byte combiningClass = (byte)ReadVarint(ref rest);
            for (int codePoint = start; codePoint < end; codePoint++) Cell(ClassPages, codePoint) = combiningClass;
        }
    }

    private static void ReadDecompositions(ref ReadOnlySpan<byte> rest)
    {
        int codePoint = 0;
        for (int count = ReadVarint(ref rest); count > 0; count--)
        {
            codePoint += ReadVarint(ref rest);
            int first = ReadVarint(ref rest);
            int secondAndComposes = ReadVarint(ref rest);
            int second = secondAndComposes >> 1;
            Decompositions.Add(codePoint, (first, second));
            if ((secondAndComposes & 1) != 0)
            {
                Compositions.Add((first, second), codePoint);
                Cell(FlagPages, second) |= MayCombine;
            }
            else
            {
                Cell(FlagPages, codePoint) |= IsDecomposed;
            }
        }
    }

    private static ref byte Cell(byte[][] pages, int codePoint)
    {
        ref byte[] page = ref pages[codePoint / PageSize];
        if (ReferenceEquals(page, EmptyPage)) page = new byte[PageSize];
        return ref page[codePoint % PageSize];
    }

    private static byte[][] NewPages()
    {
        byte[][] pages = new byte[Limit / PageSize][];
        Array.Fill(pages, EmptyPage);
        return pages;
    }

    private static int ReadVarint(ref ReadOnlySpan<byte> rest)
    {
        int number = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = rest[0];
            rest = rest[1..];
            number |= (next & 0x7F) << shift;
            if (next < 0x80) return number;
        }
    }
}

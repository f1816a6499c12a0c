namespace Steno.Tokenization;

/// <summary>The arithmetic of Hangul syllables: Unicode Standard, section 3.12.</summary>
internal static class Hangul
{
    public const int SyllableBase = 0xAC00;
    public const int LeadBase = 0x1100;
    public const int VowelBase = 0x1161;
    public const int TailBase = 0x11A7;
    public const int LeadCount = 19;
    public const int VowelCount = 21;
    public const int TailCount = 28;
    public const int SyllableCount = LeadCount * VowelCount * TailCount;

    public static bool IsSyllable(int codePoint) => (uint)(codePoint - SyllableBase) < SyllableCount;

    /// <summary>The two or three letters of a syllable; <c>Tail</c> is <see cref="TailBase"/> when there are two.</summary>
    public static (int Lead, int Vowel, int Tail) Decompose(int syllable)
    {
        int index = syllable - SyllableBase;
        return (
            LeadBase + (index / (VowelCount * TailCount)),
            VowelBase + (index / TailCount % VowelCount),
            TailBase + (index % TailCount));
    }

    public static bool TryCompose(int first, int second, out int syllable)
    {
        int lead = first - LeadBase;
        int vowel = second - VowelBase;
        if ((uint)lead < LeadCount && (uint)vowel < VowelCount)
        {
            syllable = SyllableBase + (((lead * VowelCount) + vowel) * TailCount);
            return true;
        }

        int tail = second - TailBase;
        bool isOpenSyllable = IsSyllable(first) && (first - SyllableBase) % TailCount == 0;
        syllable = first + tail;
        return isOpenSyllable && tail is > 0 and < TailCount;
    }
}

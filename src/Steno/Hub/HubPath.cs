namespace Steno.Hub;

/// <summary>Judges names that come from outside before they become names of files.</summary>
internal static class HubPath
{
    private const int MaxLength = 512;
    private const int MaxSegmentLength = 200;

    private static readonly string[] DeviceNames = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"];

    /// <summary>True for a relative path that means the same file below a directory on every system, and no other file.</summary>
    public static bool IsSafe(string path) =>
        path.Length is > 0 and <= MaxLength && path.Split('/').All(IsSafeSegment);

    /// <summary>True for one name that every system takes as it is.</summary>
    public static bool IsSafeSegment(string segment)
    {
        if (segment.Length is 0 or > MaxSegmentLength) return false;
        if (segment[^1] is '.' or ' ' || segment[0] == ' ') return false;
        if (segment.EndsWith(StoreLayout.PartSuffix, StringComparison.OrdinalIgnoreCase)) return false;
        foreach (char character in segment)
        {
            if (char.IsControl(character) || char.IsSurrogate(character) || character is '\\' or ':' or '*' or '?' or '"' or '<' or '>' or '|') return false;
        }

        return !IsDeviceName(segment.Split('.')[0].TrimEnd());
    }

    private static bool IsDeviceName(string stem)
    {
        if (DeviceNames.Contains(stem, StringComparer.OrdinalIgnoreCase)) return true;
        bool isPort = stem.Length == 4
            && (stem.StartsWith("COM", StringComparison.OrdinalIgnoreCase) || stem.StartsWith("LPT", StringComparison.OrdinalIgnoreCase));
        return isPort && (char.IsAsciiDigit(stem[3]) || stem[3] is '\u00B9' or '\u00B2' or '\u00B3');
    }
}

using System.Globalization;

namespace Steno.Cli.Output;

/// <summary>How far something is that is measured in bytes, for people.</summary>
/// <param name="Done">Bytes that are done.</param>
/// <param name="Total">Bytes of all.</param>
/// <param name="BytesPerSecond">How fast it goes.</param>
internal readonly record struct ByteProgress(long Done, long Total, double BytesPerSecond)
{
    private const int BarWidth = 24;

    /// <summary>A bar with the status behind it; ASCII.</summary>
    public string Bar
    {
        get
        {
            int filled = (int)(Share * BarWidth);
            return "[" + new string('#', filled) + new string('.', BarWidth - filled) + "] " + Status;
        }
    }

    /// <summary>Share, sizes, speed, and the time that is left.</summary>
    public string Status
    {
        get
        {
            string rest = BytesPerSecond < 1 ? "" : ", " + Remaining(TimeSpan.FromSeconds(Math.Min((Total - Done) / BytesPerSecond, 359_999))) + " left";
            return string.Create(CultureInfo.InvariantCulture, $"{Share * 100:F0} %, {Sizes.Text(Done)} of {Sizes.Text(Total)}, {Sizes.Text(BytesPerSecond)}/s{rest}");
        }
    }

    private double Share => Total == 0 ? 1 : Math.Clamp((double)Done / Total, 0, 1);

    private static string Remaining(TimeSpan time) => time.TotalHours >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours}:{time.Minutes:D2}:{time.Seconds:D2}")
        : string.Create(CultureInfo.InvariantCulture, $"{time.Minutes}:{time.Seconds:D2}");
}

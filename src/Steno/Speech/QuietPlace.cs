using Steno.Audio;

namespace Steno.Speech;

/// <summary>Places to cut where nothing else tells one from another.</summary>
internal static class QuietPlace
{
    /// <summary>Samples of the windows whose energy is compared: 100 ms.</summary>
    public const int WindowLength = LogMelSpectrogram.SampleRateHz / 10;

    private const int Step = WindowLength / 2;

    /// <summary>The middle of the window with the least mean square, the first of equals.</summary>
    /// <param name="samples">Where to look: windows begin every 50 ms.</param>
    /// <returns>An index into <paramref name="samples"/>; null when no window fits.</returns>
    public static int? Find(ReadOnlySpan<float> samples)
    {
        int? found = null;
        double least = double.PositiveInfinity;
        for (int start = 0; start + WindowLength <= samples.Length; start += Step)
        {
            double sum = 0;
            foreach (float sample in samples.Slice(start, WindowLength)) sum += (double)sample * sample;
            if (sum >= least) continue;
            least = sum;
            found = start + (WindowLength / 2);
        }

        return found;
    }
}

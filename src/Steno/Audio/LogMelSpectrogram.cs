using System.Runtime.Intrinsics;
using Steno.Kernels;
using Steno.Tensors;

namespace Steno.Audio;

/// <summary>The model's input features: log-mel spectrogram of 16 kHz audio, one frame for each 10 ms.</summary>
/// <remarks>
/// Frame t covers samples 160·t - 200 to 160·t + 199, with the audio reflected about its first and last sample; it is weighted by
/// the periodic Hann window 0.5·(1 - cos(2πn/400)). Its 201 power bins pass the mel filters and become
/// y = log10(max(mel, 1e-10)), then max(y, yMax - 8) with the largest value of the whole audio, then (y + 4) / 4.
/// Every frame is computed alone in single precision and rounds the same way whatever its neighbours. Immutable and safe for any
/// number of threads.
/// </remarks>
internal sealed unsafe class LogMelSpectrogram
{
    /// <summary>The sample rate that the filters are made for.</summary>
    public const int SampleRateHz = 16_000;

    /// <summary>Samples from one frame to the next.</summary>
    public const int HopLength = 160;

    /// <summary>The shortest audio that can be reflected by 200 samples.</summary>
    public const int MinimumSampleCount = HalfWindow + 1;

    private const int WindowLength = PowerSpectrum400.Length;
    private const int HalfWindow = WindowLength / 2;
    private const float Floor = 1e-10f;
    private const float DynamicRangeLog10 = 8;
    private const float Log10Of2 = 0.30102999566398120f;

    // 0.25·(1 - cos): half of the Hann window, since the transform of two halves wants its input halved. Exact: a power of two.
    private static readonly float[] HalvedWindow = CreateHalvedWindow();

    private readonly MelFilterBank _filters;

    /// <summary>Prepares the filters.</summary>
    /// <param name="melBinCount">Mel bins per frame.</param>
    public LogMelSpectrogram(int melBinCount) => _filters = new MelFilterBank(melBinCount);

    /// <summary>Mel bins per frame.</summary>
    public int MelBinCount => _filters.MelBinCount;

    /// <summary>Number of frames that <paramref name="sampleCount"/> samples give.</summary>
    public static int FrameCount(int sampleCount) => sampleCount / HopLength;

    /// <summary>Computes the features.</summary>
    /// <param name="samples">16 kHz mono, at least <see cref="MinimumSampleCount"/> finite samples.</param>
    /// <param name="destination">Receives [FrameCount(samples.Length), MelBinCount], row-major.</param>
    /// <param name="cancellationToken">Stops the computation; <paramref name="destination"/> is then unspecified.</param>
    /// <exception cref="ArgumentException">Too few samples, or <paramref name="destination"/> is not of the right length.</exception>
    public void Compute(ReadOnlySpan<float> samples, Span<float> destination, CancellationToken cancellationToken) =>
        Compute<Lanes256, Vector256<float>>(samples, destination, cancellationToken);

    /// <summary>As <see cref="Compute(ReadOnlySpan{float}, Span{float}, CancellationToken)"/>, so many frames at once.</summary>
    internal void Compute<TLanes, TVector>(ReadOnlySpan<float> samples, Span<float> destination, CancellationToken cancellationToken)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        if (samples.Length < MinimumSampleCount)
        {
            throw new ArgumentException(
                $"{samples.Length} samples are too few: frames are reflected at the ends, which takes at least {MinimumSampleCount}.", nameof(samples));
        }

        int frameCount = FrameCount(samples.Length);
        if (destination.Length != (long)frameCount * MelBinCount)
        {
            throw new ArgumentException(
                $"The destination has {destination.Length} values; {samples.Length} samples give {frameCount} frames of {MelBinCount}.", nameof(destination));
        }

        float largest = ComputeMel<TLanes, TVector>(samples, destination, frameCount, cancellationToken);
        CompressRange(destination, largest);
    }

    // Writes the filtered power and returns its largest value.
    private float ComputeMel<TLanes, TVector>(ReadOnlySpan<float> samples, Span<float> destination, int frameCount, CancellationToken cancellationToken)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        int lanes = TLanes.Count;
        using var buffer = new AlignedBuffer<float>((long)lanes * ((2 * WindowLength) + PowerSpectrum400.BinCount + MelBinCount));
        float* frames = buffer.Pointer;
        float* scratch = frames + (WindowLength * lanes);
        float* power = scratch + (WindowLength * lanes);
        float* mel = power + (PowerSpectrum400.BinCount * lanes);
        float largest = 0;

        for (int frame = 0; frame < frameCount; frame += lanes)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = Math.Min(lanes, frameCount - frame);
            for (int lane = 0; lane < count; lane++)
                LoadFrame(samples, frame + lane, frames + lane, lanes);
            PowerSpectrum400.Compute<TLanes, TVector>(frames, scratch, power);
            ApplyFilters<TLanes, TVector>(power, mel);

            for (int lane = 0; lane < count; lane++)
            {
                Span<float> row = destination.Slice((frame + lane) * MelBinCount, MelBinCount);
                for (int bin = 0; bin < row.Length; bin++)
                {
                    float value = mel[(bin * lanes) + lane];
                    row[bin] = value;
                    largest = Math.Max(largest, value);
                }
            }
        }

        return largest;
    }

    // Windowed samples of one frame, every stride-th element of the target.
    private static void LoadFrame(ReadOnlySpan<float> samples, int frame, float* target, int stride)
    {
        int start = (frame * HopLength) - HalfWindow;
        ReadOnlySpan<float> window = HalvedWindow;
        if (start >= 0 && start + WindowLength <= samples.Length)
        {
            ReadOnlySpan<float> inside = samples.Slice(start, WindowLength);
            for (int n = 0; n < window.Length; n++)
                target[n * stride] = window[n] * inside[n];
            return;
        }

        int last = samples.Length - 1;
        for (int n = 0; n < window.Length; n++)
        {
            int index = Math.Abs(start + n);
            if (index > last) index = (2 * last) - index;
            target[n * stride] = window[n] * samples[index];
        }
    }

    private void ApplyFilters<TLanes, TVector>(float* power, float* mel)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        int lanes = TLanes.Count;
        for (int filter = 0; filter < MelBinCount; filter++)
        {
            TVector sum = TLanes.Broadcast(0);
            float* bin = power + (_filters.FirstBin(filter) * lanes);
            foreach (float weight in _filters.Weights(filter))
            {
                sum = TLanes.MultiplyAdd(TLanes.Broadcast(weight), TLanes.Load(bin), sum);
                bin += lanes;
            }

            TLanes.Store(sum, mel + (filter * lanes));
        }
    }

    // y = log10(max(mel, 1e-10)); y = max(y, yMax - 8); (y + 4) / 4.
    private static void CompressRange(Span<float> values, float largest)
    {
        float lowest = MathF.Log10(Math.Max(largest, Floor)) - DynamicRangeLog10;
        Vector256<float> floors = Vector256.Create(Floor), lowests = Vector256.Create(lowest);
        int i = 0;
        for (; i <= values.Length - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            Span<float> part = values[i..];
            Vector256<float> log10 = Vector256.Log2(Vector256.Max(Vector256.Create<float>(part), floors)) * Log10Of2;
            ((Vector256.Max(log10, lowests) + Vector256.Create(4f)) * 0.25f).CopyTo(part);
        }

        for (; i < values.Length; i++)
            values[i] = (Math.Max(MathF.Log10(Math.Max(values[i], Floor)), lowest) + 4) * 0.25f;
    }

    private static float[] CreateHalvedWindow()
    {
        float[] window = new float[WindowLength];
        for (int n = 0; n < window.Length; n++)
            window[n] = (float)(0.25 * (1 - Math.Cos(2 * Math.PI * n / WindowLength)));
        return window;
    }
}

using Steno.Audio;

namespace Steno.Speech;

/// <summary>Takes for speech what is clearly louder than the noise around it: no network, no weights; takes music for speech too.</summary>
/// <remarks>
/// Every 10 ms the level L of the last 20 ms, without their mean, is set against a noise floor N: the 10th percentile of the quiet frames (below N + 6 dB)
/// of the last 10 s, within -80 to -35 dB; where no frame is quiet it rises by 0.5 dB a second, so that a noise that grew is a floor again. A frame is
/// active above N + 9 dB and above -55 dB (-65 dB in a quiet recording, whose 95th percentile is below -40 dB). Its probability is (L - N - 3) / 12 within
/// 0 to 1, a half at N + 9 dB; of three frames the median counts, and less than a half unless 3 of the last 5 frames are active. What crosses zero in
/// more than 35 % of its samples, is no more than 12 dB above the floor and does not follow an active frame within 80 ms is hiss. Zeros are silence and
/// say nothing of the noise.
/// </remarks>
internal sealed class EnergyDetector : IVoiceActivityDetector
{
    private const int Hop = LogMelSpectrogram.SampleRateHz / 100;
    private const int FramesPerSecond = 100;
    private const int FloorFrames = 10 * FramesPerSecond;
    private const int FirstFrames = FramesPerSecond / 2;
    private const float RisePerFrame = 0.5f / FramesPerSecond;
    private const float LowestFloor = -80;
    private const float HighestFloor = -35;
    private const float QuietMargin = 6;
    private const float ActiveMargin = 9;
    private const float HissMargin = 12;
    private const float HissCrossings = 0.35f;
    private const int FricativeFrames = 8;
    private const float JustBelowHalf = 0.49f;

    private readonly float[] _window = new float[2 * Hop];
    private readonly short[] _floorBins = new short[FloorFrames];
    private LevelHistogram _quiet = new();
    private LevelHistogram _all = new();
    private long _frameCount;
    private float _floor;
    private int _framesSinceActive;
    private uint _activity;
    private float _last;
    private float _beforeLast;

    /// <summary>Creates a detector at the start of a recording.</summary>
    public EnergyDetector() => Reset();

    public int FrameLength => Hop;

    public int HangoverLength => LogMelSpectrogram.SampleRateHz / 5;

    public void Detect(ReadOnlySpan<float> frames, Span<float> probabilities)
    {
        if (frames.Length != probabilities.Length * Hop)
            throw new ArgumentException($"{probabilities.Length} frames have {probabilities.Length * Hop} samples, not {frames.Length}.", nameof(frames));
        for (int i = 0; i < probabilities.Length; i++)
        {
            _window.AsSpan(Hop).CopyTo(_window);
            frames.Slice(i * Hop, Hop).CopyTo(_window.AsSpan(Hop));
            probabilities[i] = Smooth(Judge());
        }
    }

    public void Reset()
    {
        Array.Clear(_window);
        Array.Fill(_floorBins, (short)-1);
        _quiet = new LevelHistogram();
        _all = new LevelHistogram();
        _frameCount = 0;
        _floor = HighestFloor;
        _framesSinceActive = FricativeFrames;
        _activity = 0;
        _last = _beforeLast = 0;
    }

    public void Dispose()
    {
    }

    private float Judge()
    {
        bool isZero = !_window.AsSpan().ContainsAnyExcept(0f);
        (float level, float crossings) = Measure();
        UpdateFloor(isZero ? null : level);
        float above = level - _floor;
        float gate = !_all.IsEmpty && _all.Percentile(0.95f) < -40 ? -65 : -55;
        bool isHiss = crossings > HissCrossings && above <= HissMargin && _framesSinceActive >= FricativeFrames;
        bool isHeard = !isZero && level > gate && !isHiss;
        bool isActive = isHeard && above > ActiveMargin;
        _framesSinceActive = isActive ? 0 : Math.Min(_framesSinceActive + 1, FricativeFrames);
        _activity = ((_activity << 1) | (isActive ? 1u : 0)) & 0b11111;
        return isHeard ? Math.Clamp((above - 3) / 12, 0, 1) : 0;
    }

    private (float Level, float Crossings) Measure()
    {
        double sum = 0;
        foreach (float sample in _window) sum += sample;
        float mean = (float)(sum / _window.Length);
        double energy = 0;
        int crossings = 0;
        bool wasNegative = _window[0] < mean;
        foreach (float sample in _window)
        {
            float value = sample - mean;
            energy += (double)value * value;
            bool isNegative = value < 0;
            if (isNegative != wasNegative) crossings++;
            wasNegative = isNegative;
        }

        return ((float)(10 * Math.Log10((energy / _window.Length) + 1e-10)), (float)crossings / (_window.Length - 1));
    }

    private void UpdateFloor(float? level)
    {
        ref short oldest = ref _floorBins[_frameCount % FloorFrames];
        if (oldest >= 0) _quiet.Remove(oldest);
        oldest = -1;
        if (level is { } known)
        {
            short bin = LevelHistogram.BinOf(known);
            _all.Add(bin);
            if (_frameCount < FirstFrames || known < _floor + QuietMargin)
            {
                _quiet.Add(bin);
                oldest = bin;
            }
        }

        _frameCount++;
        if (oldest >= 0) _floor = Math.Clamp(_quiet.Percentile(0.1f), LowestFloor, HighestFloor);
        else if (level is not null) _floor = Math.Min(_floor + RisePerFrame, HighestFloor);
    }

    private float Smooth(float raw)
    {
        float median = Math.Max(Math.Min(raw, _last), Math.Min(Math.Max(raw, _last), _beforeLast));
        _beforeLast = _last;
        _last = raw;
        return System.Numerics.BitOperations.PopCount(_activity) >= 3 ? median : Math.Min(median, JustBelowHalf);
    }
}

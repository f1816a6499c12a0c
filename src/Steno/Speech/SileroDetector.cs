using System.Runtime.Intrinsics;
using Steno.Kernels;
using Steno.Tensors;

namespace Steno.Speech;

/// <summary>Silero VAD 6 at 16 kHz.</summary>
/// <remarks>
/// Each frame of 512 samples goes, behind the last 64 samples of the frame before it, through
/// <list type="number">
/// <item>64 samples of reflection at its end, and 4 spectra of 256 samples, 128 apart: |X[k]| for k = 0..128;</item>
/// <item>four convolutions over time of width 3, each with ReLU: 129 to 128 channels, 128 to 64 and 64 to 64 with stride 2, 64 to 128;</item>
/// <item>an LSTM cell of width 128 (Hochreiter and Schmidhuber 1997), whose state runs through the recording;</item>
/// <item>ReLU, an inner product, and the logistic function.</item>
/// </list>
/// All but the cell goes through several frames at once, so that their weights are read once. Products are chains of fused multiply-adds
/// (<see cref="TileKernel"/>), and all else uses registers of 128 bits on every path: the bits do not depend on the machine's vectors, nor on how many
/// frames come at once.
/// </remarks>
internal sealed unsafe class SileroDetector : IVoiceActivityDetector
{
    /// <summary>Samples of a frame.</summary>
    public const int SamplesPerFrame = 512;

    /// <summary>Frames that go through the network together at most.</summary>
    public const int MaxBatch = 8;

    private const int ContextLength = 64;
    private const int ReflectionLength = 64;
    private const int WindowLength = ContextLength + SamplesPerFrame + ReflectionLength;
    private const int SpectrumStep = 128;
    private const int SpectrumCount = 4;
    private const int Width = SileroWeights.Width;
    private const int NarrowWidth = SileroWeights.NarrowWidth;
    private const int GateWidth = 4 * Width;

    // Steps in time behind each convolution.
    private const int Steps1 = 4;
    private const int Steps2 = 2;

    private readonly SileroWeights _weights = SileroWeights.Shared;
    private readonly KernelPath _path;
    private readonly AlignedBuffer<float> _windows = new(MaxBatch * WindowLength);
    private readonly AlignedBuffer<float> _tile = new(TileKernel.Height * 3 * SileroWeights.BinCount);
    private readonly AlignedBuffer<float> _sums = new(TileKernel.Height * GateWidth);
    private readonly AlignedBuffer<float> _spectra = new(MaxBatch * SpectrumCount * 2 * SileroWeights.PaddedBinCount);
    private readonly AlignedBuffer<float> _layer1 = new(MaxBatch * Steps1 * Width);
    private readonly AlignedBuffer<float> _layer2 = new(MaxBatch * Steps2 * NarrowWidth);
    private readonly AlignedBuffer<float> _layer3 = new(MaxBatch * NarrowWidth);
    private readonly AlignedBuffer<float> _layer4 = new(MaxBatch * Width);
    private readonly AlignedBuffer<float> _gates = new(MaxBatch * GateWidth);
    private readonly AlignedBuffer<float> _context = new(ContextLength);
    private readonly AlignedBuffer<float> _output = new(Width);
    private readonly AlignedBuffer<float> _cell = new(Width);

    /// <summary>Creates a detector at the start of a recording.</summary>
    /// <param name="path">Vector registers of the products; null for the machine's best.</param>
    public SileroDetector(KernelPath? path = null) => _path = path ?? KernelPaths.Selected;

    public int FrameLength => SamplesPerFrame;

    public int HangoverLength => 0;

    public void Detect(ReadOnlySpan<float> frames, Span<float> probabilities)
    {
        if (frames.Length != probabilities.Length * SamplesPerFrame)
            throw new ArgumentException($"{probabilities.Length} frames have {probabilities.Length * SamplesPerFrame} samples, not {frames.Length}.", nameof(frames));
        while (probabilities.Length > 0)
        {
            int count = Math.Min(MaxBatch, probabilities.Length);
            DetectBatch(frames[..(count * SamplesPerFrame)], probabilities[..count]);
            frames = frames[(count * SamplesPerFrame)..];
            probabilities = probabilities[count..];
        }
    }

    public void Reset()
    {
        _context.Span.Clear();
        _output.Span.Clear();
        _cell.Span.Clear();
    }

    public void Dispose()
    {
        foreach (AlignedBuffer<float> buffer in (ReadOnlySpan<AlignedBuffer<float>>)[_windows, _tile, _sums, _spectra, _layer1, _layer2, _layer3, _layer4, _gates, _context, _output, _cell])
            buffer.Dispose();
    }

    private void DetectBatch(ReadOnlySpan<float> frames, Span<float> probabilities)
    {
        int count = probabilities.Length;
        for (int frame = 0; frame < count; frame++) FillWindow(frames.Slice(frame * SamplesPerFrame, SamplesPerFrame), _windows.Span.Slice(frame * WindowLength, WindowLength));
        Spectra(count);
        Convolve(_spectra.Pointer, 2 * SileroWeights.PaddedBinCount, SileroWeights.BinCount, SpectrumCount, firstTap: -1, stride: 1, _weights.Convolution1, _weights.Bias1, Steps1, count, _layer1.Pointer);
        Convolve(_layer1.Pointer, Width, Width, Steps1, firstTap: -1, stride: 2, _weights.Convolution2, _weights.Bias2, Steps2, count, _layer2.Pointer);
        Convolve(_layer2.Pointer, NarrowWidth, NarrowWidth, Steps2, firstTap: 0, stride: 2, _weights.Convolution3, _weights.Bias3, 1, count, _layer3.Pointer);
        Convolve(_layer3.Pointer, NarrowWidth, NarrowWidth, 1, firstTap: 0, stride: 1, _weights.Convolution4, _weights.Bias4, 1, count, _layer4.Pointer);
        Gates(count);
        for (int frame = 0; frame < count; frame++) probabilities[frame] = Recur(_gates.Pointer + (frame * GateWidth));
    }

    // Audio above full scale is cut off there: one number that is not finite would stay in the state for ever.
    private void FillWindow(ReadOnlySpan<float> frame, Span<float> window)
    {
        _context.Span.CopyTo(window);
        for (int i = 0; i < SamplesPerFrame; i++)
        {
            float sample = frame[i];
            window[ContextLength + i] = sample >= -1 ? Math.Min(sample, 1) : sample < -1 ? -1 : 0;
        }

        window.Slice(SamplesPerFrame, ContextLength).CopyTo(_context.Span);
        const int End = ContextLength + SamplesPerFrame;
        for (int i = 0; i < ReflectionLength; i++) window[End + i] = window[End - 2 - i];
    }

    private void Spectra(int frameCount)
    {
        int rowCount = frameCount * SpectrumCount;
        for (int first = 0; first < rowCount; first += TileKernel.Height)
        {
            int rows = Math.Min(TileKernel.Height, rowCount - first);
            for (int row = 0; row < rows; row++)
            {
                int index = first + row;
                PutRow(_windows.Pointer + ((index / SpectrumCount) * WindowLength) + ((index % SpectrumCount) * SpectrumStep), SileroWeights.BasisLength, row, rows, _tile.Pointer);
            }

            Multiply(_weights.Basis, rows);
            for (int row = 0; row < rows; row++) TakeMagnitudes(row, rows, _spectra.Pointer + ((first + row) * 2 * SileroWeights.PaddedBinCount));
        }
    }

    private void TakeMagnitudes(int row, int height, float* target)
    {
        const int PanelCount = SileroWeights.PaddedBinCount / TileKernel.PanelWidth;
        for (int panel = 0; panel < PanelCount; panel++)
        {
            float* real = _sums.Pointer + (((panel * height) + row) * TileKernel.PanelWidth);
            float* imaginary = real + (PanelCount * height * TileKernel.PanelWidth);
            for (int i = 0; i < TileKernel.PanelWidth; i += 4)
            {
                Vector128<float> re = Vector128.Load(real + i), im = Vector128.Load(imaginary + i);
                Vector128.Sqrt(Vector128.FusedMultiplyAdd(re, re, im * im)).Store(target + (panel * TileKernel.PanelWidth) + i);
            }
        }
    }

    // Step s of the output takes the steps s * stride + firstTap + tap of the input; those outside are zeros.
    private void Convolve(float* input, int inputStride, int inputWidth, int inputSteps, int firstTap, int stride, PackedMatrix weights, AlignedBuffer<float> bias, int steps, int frameCount, float* output)
    {
        int tapCount = weights.ColumnCount / inputWidth;
        int rowCount = frameCount * steps;
        for (int first = 0; first < rowCount; first += TileKernel.Height)
        {
            int rows = TileHeight(rowCount - first);
            for (int row = 0; row < rows; row++)
            {
                int frame = (first + row) / steps, step = ((first + row) % steps * stride) + firstTap;
                for (int tap = 0; tap < tapCount; tap++)
                {
                    float* target = _tile.Pointer + (tap * inputWidth * rows);
                    bool isInside = first + row < rowCount && step + tap >= 0 && step + tap < inputSteps;
                    if (isInside) PutRow(input + (((frame * inputSteps) + step + tap) * inputStride), inputWidth, row, rows, target);
                    else PutZeros(inputWidth, row, rows, target);
                }
            }

            Multiply(weights, rows);
            for (int row = 0; row < rows && first + row < rowCount; row++)
                TakeRow(row, rows, weights.RowCount, bias.Pointer, isRectified: true, output + ((first + row) * weights.RowCount));
        }
    }

    private void Gates(int frameCount)
    {
        int rows = TileHeight(frameCount);
        for (int row = 0; row < rows; row++)
        {
            if (row < frameCount) PutRow(_layer4.Pointer + (row * Width), Width, row, rows, _tile.Pointer);
            else PutZeros(Width, row, rows, _tile.Pointer);
        }

        Multiply(_weights.InputGates, rows);
        for (int row = 0; row < frameCount; row++) TakeRow(row, rows, GateWidth, _weights.GateBias.Pointer, isRectified: false, _gates.Pointer + (row * GateWidth));
    }

    // c' = sigmoid(f) c + sigmoid(i) tanh(g), h' = sigmoid(o) tanh(c').
    private float Recur(float* gates)
    {
        TileKernel.Multiply(_output.Pointer, 1, (float*)_weights.StateGates.Panel(0), TileKernel.PanelWidth * Width, TileKernel.PanelWidth, Width, _weights.StateGates.PanelCount, gates, accumulates: true, _path);
        Vector128<float> sums = Vector128<float>.Zero;
        for (int i = 0; i < Width; i += 4)
        {
            Vector128<float> input = Sigmoid(Vector128.Load(gates + i));
            Vector128<float> forget = Sigmoid(Vector128.Load(gates + Width + i));
            Vector128<float> candidate = Tanh(Vector128.Load(gates + (2 * Width) + i));
            Vector128<float> gate = Sigmoid(Vector128.Load(gates + (3 * Width) + i));
            Vector128<float> cell = Vector128.FusedMultiplyAdd(forget, Vector128.Load(_cell.Pointer + i), input * candidate);
            Vector128<float> output = gate * Tanh(cell);
            cell.Store(_cell.Pointer + i);
            output.Store(_output.Pointer + i);
            sums = Vector128.FusedMultiplyAdd(Vector128.Max(output, Vector128<float>.Zero), Vector128.Load(_weights.Output.Pointer + i), sums);
        }

        float logit = (sums[0] + sums[1]) + (sums[2] + sums[3]) + _weights.OutputBias;
        return Sigmoid(Vector128.Create(logit))[0];
    }

    private static int TileHeight(int rowCount) => rowCount switch
    {
        > 4 => 8,
        > 2 => 4,
        _ => rowCount,
    };

    private static void PutRow(float* source, int width, int row, int height, float* tile)
    {
        tile += row;
        for (int k = 0; k < width; k++, tile += height) *tile = source[k];
    }

    private static void PutZeros(int width, int row, int height, float* tile)
    {
        tile += row;
        for (int k = 0; k < width; k++, tile += height) *tile = 0;
    }

    private void Multiply(PackedMatrix weights, int rows) =>
        TileKernel.Multiply(_tile.Pointer, rows, (float*)weights.Panel(0), (long)TileKernel.PanelWidth * weights.ColumnCount, TileKernel.PanelWidth, weights.ColumnCount, weights.PanelCount, _sums.Pointer, accumulates: false, _path);

    private void TakeRow(int row, int height, int width, float* bias, bool isRectified, float* target)
    {
        for (int i = 0; i < width; i += 4)
        {
            int panel = i / TileKernel.PanelWidth;
            Vector128<float> value = Vector128.Load(_sums.Pointer + (((panel * height) + row) * TileKernel.PanelWidth) + (i % TileKernel.PanelWidth)) + Vector128.Load(bias + i);
            (isRectified ? Vector128.Max(value, Vector128<float>.Zero) : value).Store(target + i);
        }
    }

    private static Vector128<float> Sigmoid(Vector128<float> x) => Vector128<float>.One / (Vector128<float>.One + Exponential.Of<Lanes128, Vector128<float>>(-x));

    // tanh(x) = 1 - 2 / (exp(2x) + 1).
    private static Vector128<float> Tanh(Vector128<float> x) =>
        Vector128<float>.One - (Vector128.Create(2f) / (Exponential.Of<Lanes128, Vector128<float>>(x + x) + Vector128<float>.One));
}

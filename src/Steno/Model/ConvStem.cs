using Steno.Kernels;
using Steno.Threading;

namespace Steno.Model;

/// <summary>The convolution stem of the audio tower: three 3x3 convolutions of stride 2 with GELU, then conv_out and positions.</summary>
/// <remarks>
/// The frames are cut into chunks of 100, each an image of its own: [100, 128, 1] to [50, 64, C] to [25, 32, C] to [13, 16, C], in
/// [time, frequency, channel] order. A time step of the last one is a row of 16 * C values, which conv_out brings to width D.
/// </remarks>
internal sealed unsafe class ConvStem
{
    // Four chunks at the width of the published models are 25 MB after the first convolution: enough rows to keep all threads at work.
    private const int ChunksAtOnce = 4;

    private readonly AudioEncoderConfig _config;
    private readonly AudioEncoderWeights _weights;
    private readonly KernelRunner _runner;

    // [tokens of a chunk, D]
    private readonly float[] _positions;

    public ConvStem(AudioEncoderConfig config, AudioEncoderWeights weights, KernelRunner runner)
    {
        _config = config;
        _weights = weights;
        _runner = runner;
        _positions = SinusoidalPositions.Create(config.ChunkTokenCount, config.Width);
    }

    /// <summary>Runs the stem over a window of a clip.</summary>
    /// <param name="mel">[frames, mel bins], from the start of a chunk on.</param>
    /// <param name="frameCount">Number of frames.</param>
    /// <param name="isPadded">True when a last chunk with fewer frames is padded with zeros to a full one, as in any clip that has a full one.</param>
    /// <param name="buffers">Memory to work in.</param>
    /// <param name="output">Receives [N, D].</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public void Run(float* mel, int frameCount, bool isPadded, ActivationBuffers buffers, float* output, CancellationToken cancellationToken)
    {
        int framesAtOnce = ChunksAtOnce * _config.ChunkFrameCount;
        for (int firstFrame = 0; firstFrame < frameCount; firstFrame += framesAtOnce)
        {
            int frames = Math.Min(framesAtOnce, frameCount - firstFrame);
            int chunkFrames = isPadded ? _config.ChunkFrameCount : frames;
            int chunkCount = (frames + chunkFrames - 1) / chunkFrames;
            int firstToken = _config.TokenCount(firstFrame);
            float* rows = Convolve(mel + ((long)firstFrame * _config.MelBinCount), frames, chunkFrames, chunkCount, buffers, cancellationToken);
            Project(rows, _config.TokenCount(frames), output + ((long)firstToken * _config.Width), buffers, cancellationToken);
        }
    }

    // Returns [chunks * time steps, frequencies * channels]; a padded last chunk has steps beyond its tokens, which nobody reads.
    private float* Convolve(float* mel, int frameCount, int chunkFrames, int chunkCount, ActivationBuffers buffers, CancellationToken cancellationToken)
    {
        int time = chunkFrames;
        int frequency = _config.MelBinCount;
        int channels = _config.ConvChannelCount;
        long imageFloats = (long)chunkCount * time * frequency;
        long largestOutput = (long)chunkCount * ConvPatches.OutputLength(time) * ConvPatches.OutputLength(frequency) * channels;
        float* input = buffers.Get(ActivationSlot.ConvInput, Math.Max(imageFloats, largestOutput));
        float* output = buffers.Get(ActivationSlot.ConvOutput, largestOutput);
        float* patches = buffers.Get(ActivationSlot.ConvPatches, _runner.Pool.ThreadCount * ConvolutionWork.ScratchLength(channels));

        long melFloats = (long)frameCount * _config.MelBinCount;
        Buffer.MemoryCopy(mel, input, imageFloats * sizeof(float), melFloats * sizeof(float));
        new Span<float>(input + melFloats, (int)(imageFloats - melFloats)).Clear();

        int inputChannels = 1;
        foreach (Linear convolution in _weights.Convolutions)
        {
            var work = new ConvolutionWork(convolution, input, chunkCount, time, frequency, inputChannels, patches, output, _runner.Path);
            _runner.Pool.Run(work, work.ItemCount, cancellationToken);
            time = ConvPatches.OutputLength(time);
            frequency = ConvPatches.OutputLength(frequency);
            inputChannels = channels;
            float* finished = output;
            output = input;
            input = finished;
        }

        return input;
    }

    private void Project(float* rows, int rowCount, float* output, ActivationBuffers buffers, CancellationToken cancellationToken)
    {
        int width = _config.Width;
        for (int row = 0; row < rowCount; row++)
            _positions.AsSpan(row % _config.ChunkTokenCount * width, width).CopyTo(new Span<float>(output + ((long)row * width), width));

        float* tiles = buffers.Get(ActivationSlot.StemTiles, RowTiles.Length(rowCount, _weights.ConvOut.ColumnCount));
        float* input = _runner.Pack(rows, tiles, rowCount, _weights.ConvOut, cancellationToken);
        var operands = new GemmOperands { Input = input, RowCount = rowCount, Output = output, Epilogue = GemmEpilogue.Add };
        _runner.Multiply(operands, _weights.ConvOut, buffers, cancellationToken);
    }

    /// <summary>One convolution over a stack of images; an item unrolls some outputs' patches and multiplies them by the kernel.</summary>
    private readonly struct ConvolutionWork(Linear convolution, float* images, int imageCount, int time, int frequency, int channels, float* patches, float* output, KernelPath path) : IParallelWork
    {
        // Whole tiles of 8 rows and of 6.
        private const int OutputsPerItem = 48;

        /// <summary>Floats of scratch memory for each worker: the patches of one tile as rows, and of all as tiles.</summary>
        public static long ScratchLength(int channels) => (TileKernel.Height + OutputsPerItem) * 9L * channels;

        private long OutputCount => (long)imageCount * ConvPatches.OutputLength(time) * ConvPatches.OutputLength(frequency);

        public int ItemCount => checked((int)((OutputCount + OutputsPerItem - 1) / OutputsPerItem));

        public void Run(int item, int worker)
        {
            PackedMatrix kernel = convolution.Weight;
            long first = (long)item * OutputsPerItem;
            int count = (int)Math.Min(OutputsPerItem, OutputCount - first);
            float* rows = patches + (worker * ScratchLength(kernel.RowCount));
            float* tiles = rows + ((long)TileKernel.Height * kernel.ColumnCount);
            FillTiles(first, count, kernel, rows, (byte*)tiles);
            var operands = new GemmOperands
            {
                Input = tiles,
                RowCount = count,
                Bias = convolution.Bias.Pointer,
                Output = output + (first * kernel.RowCount),
                Epilogue = GemmEpilogue.Gelu,
            };
            Gemm.Run(operands, kernel, 0, kernel.Shape(count, path).Count, 0, kernel.PanelCount, path);
        }

        private void FillTiles(long first, int count, PackedMatrix kernel, float* rows, byte* tiles)
        {
            TileShape shape = kernel.Shape(count, path);
            int patchLength = kernel.ColumnCount;
            bool isQuantized = kernel.Format.IsQuantized();
            long tileBytes = Gemm.TileBytes(kernel, count, path);
            for (int tile = 0; tile < shape.Count; tile++, tiles += tileBytes)
            {
                int height = shape.HeightOf(tile);
                int rowCount = shape.RowsIn(tile);
                bool isInPlace = height == 1 && !isQuantized;
                ConvPatches.Fill(images, time, frequency, channels, first + shape.FirstRow(tile), rowCount, isInPlace ? (float*)tiles : rows);
                if (isQuantized) QuantizedRows.Quantize(rows, rowCount, height, patchLength, kernel.Format, tiles, path);
                else if (height > 1) RowTiles.Pack(rows, patchLength, rowCount, patchLength, height, (float*)tiles);
            }
        }
    }
}

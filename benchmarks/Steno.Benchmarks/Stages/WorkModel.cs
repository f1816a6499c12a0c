using Steno.Checkpoints;
using Steno.Model;

namespace Steno.Benchmarks.Stages;

/// <summary>The float operations that each stage needs by its definition, from the dimensions of a model; a multiply-add counts as two.</summary>
/// <remarks>Matrix products and attention only: norms, activations and softmax are some permille of them.</remarks>
internal sealed class WorkModel
{
    private readonly AudioEncoderConfig _audio;
    private readonly TextDecoderConfig _text;

    public WorkModel(ModelConfig config)
    {
        _audio = config.Audio;
        _text = config.Text;
    }

    /// <summary>Reads the dimensions from the config.json of a checkpoint directory.</summary>
    public static WorkModel Read(string directory) => new(ModelConfigReader.Read(directory));

    /// <summary>Rows of audio that a clip becomes.</summary>
    public int AudioRowCount(int frameCount) => _audio.TokenCount(frameCount);

    /// <summary>Convolutions and conv_out. A last chunk that is not full is padded, and counts as a full one in the convolutions.</summary>
    public double StemFlops(int frameCount)
    {
        int chunkCount = Math.Max(1, (frameCount + _audio.ChunkFrameCount - 1) / _audio.ChunkFrameCount);
        int time = Math.Min(frameCount, _audio.ChunkFrameCount);
        int frequency = _audio.MelBinCount;
        double macs = 0;
        int inputChannels = 1;
        for (int i = 0; i < 3; i++)
        {
            time = (time + 1) / 2;
            frequency = (frequency + 1) / 2;
            macs += (double)chunkCount * time * frequency * 9 * inputChannels * _audio.ConvChannelCount;
            inputChannels = _audio.ConvChannelCount;
        }

        macs += (double)AudioRowCount(frameCount) * _audio.StemFrequencyCount * _audio.ConvChannelCount * _audio.Width;
        return 2 * macs;
    }

    /// <summary>The transformer layers of the audio tower and its projection.</summary>
    /// <param name="frameCount">Mel frames of the clip.</param>
    /// <param name="isWindowed">Whether attention stays inside windows.</param>
    public double EncoderFlops(int frameCount, bool isWindowed)
    {
        double rows = AudioRowCount(frameCount);
        double width = _audio.Width;
        double layer = rows * ((4 * width * width) + (2 * width * _audio.FeedForwardWidth));
        double attention = 2 * width * PairCount((int)rows, isWindowed ? _audio.WindowTokenCount : (int)rows);
        double projection = rows * ((width * width) + (width * _audio.OutputWidth));
        return 2 * ((_audio.LayerCount * (layer + attention)) + projection);
    }

    /// <summary>A forward pass over new rows of one sequence, with the logits of the last of them.</summary>
    /// <param name="firstPosition">Rows that the cache holds before.</param>
    /// <param name="rowCount">New rows.</param>
    public double DecoderFlops(int firstPosition, int rowCount)
    {
        double matrices = (double)_text.Width * ((2 * _text.QueryWidth) + (2 * _text.KeyWidth) + (3 * _text.FeedForwardWidth));

        // Row p sees p + 1 positions: with n rows from f on, n * f + n * (n + 1) / 2 pairs of query and key.
        double pairs = ((double)rowCount * firstPosition) + (rowCount * (rowCount + 1.0) / 2);
        double layer = (rowCount * matrices) + (2 * pairs * _text.QueryWidth);
        return 2 * ((_text.LayerCount * layer) + ((double)_text.Width * _text.VocabularySize));
    }

    // Pairs of query and key inside windows.
    private static double PairCount(int rowCount, int windowRows)
    {
        int whole = rowCount / windowRows;
        double rest = rowCount % windowRows;
        return (whole * (double)windowRows * windowRows) + (rest * rest);
    }
}

namespace Steno.Model;

/// <summary>Dimensions of the audio tower (audio_config).</summary>
internal sealed record AudioEncoderConfig
{
    /// <summary>Width D of the encoder (d_model).</summary>
    public required int Width { get; init; }

    public required int LayerCount { get; init; }

    public required int HeadCount { get; init; }

    /// <summary>Inner width F of the MLP (encoder_ffn_dim).</summary>
    public required int FeedForwardWidth { get; init; }

    public required int MelBinCount { get; init; }

    /// <summary>Channels of the convolution stem (downsample_hidden_size).</summary>
    public required int ConvChannelCount { get; init; }

    /// <summary>Width of the audio rows that the decoder takes (output_dim), equal to its hidden size.</summary>
    public required int OutputWidth { get; init; }

    /// <summary>Mel frames of one convolution chunk: 2 * n_window.</summary>
    public required int ChunkFrameCount { get; init; }

    /// <summary>Mel frames of one attention window (n_window_infer), a multiple of <see cref="ChunkFrameCount"/>.</summary>
    public required int WindowFrameCount { get; init; }

    public int HeadWidth => Width / HeadCount;

    /// <summary>Frequencies that remain after three convolutions of stride 2: 16 for 128 mel bins.</summary>
    public int StemFrequencyCount => (MelBinCount + 7) / 8;

    /// <summary>Audio tokens of a full chunk: 13 for 100 frames.</summary>
    public int ChunkTokenCount => TokensOfPartialChunk(ChunkFrameCount);

    /// <summary>Audio tokens of an attention window: 104 for 800 frames.</summary>
    public int WindowTokenCount => ChunkTokenCount * (WindowFrameCount / ChunkFrameCount);

    /// <summary>Audio tokens of a clip: every full chunk gives <see cref="ChunkTokenCount"/>, the rest an eighth of its frames, rounded up.</summary>
    public int TokenCount(int frameCount) =>
        (frameCount / ChunkFrameCount * ChunkTokenCount) + TokensOfPartialChunk(frameCount % ChunkFrameCount);

    // Three times ceil(n / 2), which is ceil(n / 8).
    private static int TokensOfPartialChunk(int frameCount) => (frameCount + 7) / 8;
}

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
}

using Steno.Kernels;
using Steno.Tensors;

namespace Steno.Model;

/// <summary>Weights of the audio tower (<c>thinker.audio_tower.*</c>); <see cref="ModelWeights"/> owns them.</summary>
internal sealed class AudioEncoderWeights
{
    private const string Prefix = "thinker.audio_tower.";

    /// <summary>Packs the tower.</summary>
    /// <exception cref="ModelFormatException">A tensor is missing or has another shape than the configuration calls for.</exception>
    public AudioEncoderWeights(AudioEncoderConfig config, IWeightBuilder packer)
    {
        int channels = config.ConvChannelCount;
        Convolutions =
        [
            Convolution(packer, "conv2d1", channels, inputChannels: 1),
            Convolution(packer, "conv2d2", channels, channels),
            Convolution(packer, "conv2d3", channels, channels),
        ];
        ConvOut = packer.Reordered(Prefix + "conv_out.weight", [config.Width, channels * config.StemFrequencyCount], FlattenOrder(channels, config.StemFrequencyCount));
        Layers = new AudioEncoderLayerWeights[config.LayerCount];
        for (int i = 0; i < Layers.Length; i++) Layers[i] = new AudioEncoderLayerWeights(config, packer, $"{Prefix}layers.{i}.");
        LnPost = (packer.Vector(Prefix + "ln_post.weight", config.Width), packer.Vector(Prefix + "ln_post.bias", config.Width));
        Proj1 = new Linear(packer.Matrix(Prefix + "proj1.weight", config.Width, config.Width), packer.Vector(Prefix + "proj1.bias", config.Width));
        Proj2 = new Linear(packer.Matrix(Prefix + "proj2.weight", config.OutputWidth, config.Width), packer.Vector(Prefix + "proj2.bias", config.OutputWidth));
    }

    /// <summary>conv2d1, conv2d2, conv2d3 as matrices [channels, 9 * input channels] over the patches of <see cref="ConvPatches"/>.</summary>
    public Linear[] Convolutions { get; }

    /// <summary>conv_out [D, frequencies * channels] over rows in the order of the convolution's output, [frequency, channel].</summary>
    public PackedMatrix ConvOut { get; }

    public AudioEncoderLayerWeights[] Layers { get; }

    public (AlignedBuffer<float> Weight, AlignedBuffer<float> Bias) LnPost { get; }

    public Linear Proj1 { get; }

    public Linear Proj2 { get; }

    // The checkpoint orders a kernel [input channel, kernel frequency, kernel time], a patch [kernel time, kernel frequency, channel].
    private static Linear Convolution(IWeightBuilder packer, string name, int outputChannels, int inputChannels)
    {
        int[] order = new int[9 * inputChannels];
        for (int k = 0; k < order.Length; k++)
        {
            int time = k / (3 * inputChannels);
            int frequency = k / inputChannels % 3;
            int channel = k % inputChannels;
            order[k] = (channel * 9) + (frequency * 3) + time;
        }

        PackedMatrix kernel = packer.Reordered($"{Prefix}{name}.weight", [outputChannels, inputChannels, 3, 3], order);
        return new Linear(kernel, packer.Vector($"{Prefix}{name}.bias", outputChannels));
    }

    /// <summary>Column of conv_out in the checkpoint, channel * frequencies + frequency, for each of <see cref="ConvOut"/>, which go [frequency, channel].</summary>
    public static int[] FlattenOrder(int channels, int frequencies)
    {
        int[] order = new int[channels * frequencies];
        for (int k = 0; k < order.Length; k++) order[k] = (k % channels * frequencies) + (k / channels);
        return order;
    }
}

using Steno.Checkpoints;
using Steno.Clips;
using Steno.Exporting;
using Steno.Kernels;
using Steno.Loading;
using Steno.Model;

namespace Steno.Calibration;

/// <summary>Runs a model on recordings to find out how much each column of its matrices counts: the mean square of what it is multiplied by.</summary>
/// <remarks>
/// An error e in column k of a matrix adds e * x[k] to an output, so its mean square effect is e² times the mean of x[k]². Embedding and output
/// head are left alone: with a head that was quantised this way, long recordings were seen to come out worse.
/// </remarks>
internal sealed class Calibrator(LoadedModel model)
{
    private const int MaxTokens = 360;

    private readonly InputSums _inputs = new();
    private bool _isUsed;

    /// <summary>Transcribes a recording.</summary>
    /// <exception cref="AudioFormatException">The audio is broken, empty, or in a format that nothing on this machine reads.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public async Task AddAsync(string path, CancellationToken cancellationToken)
    {
        using var pass = new ClipPass(model, new ClipPassOptions { InputTap = _inputs });
        await foreach (float[] samples in RecordingReader.ReadClipsAsync(path, cancellationToken).ConfigureAwait(false))
        {
            if (pass.Prepare(samples, cancellationToken) is not { } features) continue;
            pass.Run(features, AttentionMode.Windowed, MaxTokens, cancellationToken);
            _isUsed = true;
        }
    }

    /// <summary>What was found.</summary>
    /// <exception cref="AudioFormatException">No recording had a sound.</exception>
    public ImportanceMatrix ToImportance()
    {
        if (!_isUsed) throw new AudioFormatException("The recordings for calibration are silent: nothing can be learned from them.");
        var columns = new Dictionary<string, float[]>(StringComparer.Ordinal);
        AudioEncoderWeights audio = model.Weights.Audio;
        AddConvOut(audio.ConvOut);
        for (int i = 0; i < audio.Layers.Length; i++) AddAudioLayer(audio.Layers[i], $"{ModelTensors.AudioPrefix}layers.{i}.");
        Add(audio.Proj1.Weight, ModelTensors.AudioPrefix, "proj1");
        Add(audio.Proj2.Weight, ModelTensors.AudioPrefix, "proj2");
        TextDecoderLayerWeights[] layers = model.Weights.Text.Layers;
        for (int i = 0; i < layers.Length; i++) AddTextLayer(layers[i], $"{ModelTensors.TextPrefix}layers.{i}.");
        return new ImportanceMatrix(columns);

        void AddAudioLayer(AudioEncoderLayerWeights layer, string prefix)
        {
            Add(layer.QueryKeyValue.Weight, prefix, "self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj");
            Add(layer.OutProj.Weight, prefix, "self_attn.out_proj");
            Add(layer.Fc1.Weight, prefix, "fc1");
            Add(layer.Fc2.Weight, prefix, "fc2");
        }

        void AddTextLayer(TextDecoderLayerWeights layer, string prefix)
        {
            Add(layer.QueryKeyValue, prefix, "self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj");
            Add(layer.OProj, prefix, "self_attn.o_proj");
            Add(layer.GateUp, prefix, "mlp.gate_proj", "mlp.up_proj");
            Add(layer.DownProj, prefix, "mlp.down_proj");
        }

        void Add(PackedMatrix weights, string prefix, params ReadOnlySpan<string> names)
        {
            float[] means = _inputs.Of(weights)!.ToMeans();
            foreach (string name in names) columns.Add($"{prefix}{name}.weight", means);
        }

        void AddConvOut(PackedMatrix weights)
        {
            float[] packed = _inputs.Of(weights)!.ToMeans();
            int channelCount = model.Config.Audio.ConvChannelCount;
            int[] order = AudioEncoderWeights.FlattenOrder(channelCount, packed.Length / channelCount);
            float[] means = new float[packed.Length];
            for (int k = 0; k < packed.Length; k++) means[order[k]] = packed[k];
            columns.Add(ModelTensors.AudioPrefix + "conv_out.weight", means);
        }
    }
}

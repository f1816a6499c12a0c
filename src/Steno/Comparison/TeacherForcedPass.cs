using Steno.Decoding;
using Steno.Diagnostics;
using Steno.Kernels;
using Steno.Loading;
using Steno.Model;
using Steno.Tensors;

namespace Steno.Comparison;

/// <summary>A clip and a text that is given, on their way through a model in steps that can be taken in turn with those of another.</summary>
internal sealed unsafe class TeacherForcedPass : IDisposable
{
    // Predictions of one step: 40 MB of logits with the published vocabulary.
    private const int MaxLogitRows = 64;

    private readonly LoadedModel _model;
    private readonly ActivationBuffers _buffers;
    private readonly AlignedBuffer<float> _audio;
    private readonly KvCache _cache;
    private readonly RaggedBatch _batch = new();
    private readonly GreedyChoice[] _choices = new GreedyChoice[MaxLogitRows];
    private readonly Prompt _prompt;
    private readonly int[] _tokens;
    private int _position;

    /// <summary>Encodes a clip.</summary>
    /// <param name="model">The model.</param>
    /// <param name="mel">[frames, mel bins], at least one frame.</param>
    /// <param name="tokens">The text.</param>
    /// <param name="buffers">Memory to work in.</param>
    /// <param name="tap">Sees the activations of the encoder.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public TeacherForcedPass(LoadedModel model, float[] mel, int[] tokens, ActivationBuffers buffers, ITensorTap tap, CancellationToken cancellationToken)
    {
        _model = model;
        _buffers = buffers;
        _tokens = tokens;
        AudioEncoderConfig config = model.Config.Audio;
        int frameCount = mel.Length / config.MelBinCount;
        int rowCount = config.TokenCount(frameCount);
        _prompt = new PromptBuilder(model.Tokenizer).Build(context: null, forcedLanguage: null, rowCount);
        _audio = new AlignedBuffer<float>((long)rowCount * config.OutputWidth);
        _cache = new KvCache(model.Config.Text, CachePrecision.BFloat16);
        try
        {
            fixed (float* frames = mel)
                model.AudioEncoder.Encode(frames, frameCount, AttentionMode.Windowed, buffers, _audio.Pointer, tap, cancellationToken);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Runs the next rows through the decoder; predictions are asked for from the last row of the prompt on.</summary>
    /// <param name="tap">Sees the activations.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>False when there are no more rows.</returns>
    public bool Step(ITensorTap tap, CancellationToken cancellationToken)
    {
        int end = _prompt.Ids.Length + _tokens.Length;
        if (_position == end) return false;
        _batch.Clear();
        for (int logitRows = 0; _position < end && !_batch.IsFull && logitRows < MaxLogitRows; _position++)
        {
            if (_position < _prompt.Ids.Length) _prompt.AddRow(_batch, _cache, _position, _audio, _model.Config.Text.Width);
            else _batch.AddToken(_cache, _tokens[_position - _prompt.Ids.Length]);
            if (_position < _prompt.Ids.Length - 1) continue;
            _batch.RequestLogits();
            logitRows++;
        }

        _model.TextDecoder.Forward(_batch, _choices, _buffers, tap, cancellationToken);
        return true;
    }

    public void Dispose()
    {
        _audio.Dispose();
        _cache.Dispose();
    }
}

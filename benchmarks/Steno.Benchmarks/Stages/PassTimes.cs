namespace Steno.Benchmarks.Stages;

/// <summary>Seconds that the stages of one transcription took.</summary>
/// <param name="Mel">Log-mel spectrogram.</param>
/// <param name="Stem">Convolution stem.</param>
/// <param name="Encoder">Encoder layers and projection.</param>
/// <param name="Prefill">Forward pass over the prompt, to the first token.</param>
/// <param name="Steps">Each further token.</param>
internal sealed record PassTimes(double Mel, double Stem, double Encoder, double Prefill, double[] Steps)
{
    public double FirstToken => Mel + Stem + Encoder + Prefill;

    public double Total => FirstToken + Steps.Sum();
}

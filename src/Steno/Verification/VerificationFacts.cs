namespace Steno.Verification;

/// <summary>Which facts a model is held against.</summary>
internal enum VerificationFacts
{
    /// <summary>Those of the published checkpoints when its dimensions are theirs.</summary>
    Auto,

    /// <summary>Only those that hold for every model: for one that was fine-tuned, or made, in the dimensions of a published one.</summary>
    General,
}

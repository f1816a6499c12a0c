namespace Steno;

/// <summary>Which audio tokens the encoder's attention sees.</summary>
public enum AttentionMode
{
    /// <summary>Blocks of 8 seconds, as the model was trained. The default.</summary>
    Windowed,

    /// <summary>The whole clip: differs from training for clips over 8 seconds; for comparison with references that ignore the windows.</summary>
    Full,
}

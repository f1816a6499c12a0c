namespace Steno.Speech;

/// <summary>Why a segment ends where it does.</summary>
internal enum SegmentCut
{
    /// <summary>The recording ends.</summary>
    End,

    /// <summary>In a pause.</summary>
    Pause,

    /// <summary>In a pause too long to lie inside a segment.</summary>
    Gap,

    /// <summary>In speech without a pause, where it was least probable.</summary>
    Probability,

    /// <summary>At the quietest place.</summary>
    Quiet,
}

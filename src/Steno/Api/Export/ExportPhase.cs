namespace Steno;

/// <summary>What an export is doing.</summary>
public enum ExportPhase
{
    /// <summary>Transcribing calibration audio to find out which weights matter.</summary>
    Calibrating,

    /// <summary>Encoding weights and writing them.</summary>
    Writing,

    /// <summary>Everything is on the disk.</summary>
    Done,
}

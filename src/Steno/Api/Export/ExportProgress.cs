namespace Steno;

/// <summary>How far an export is.</summary>
public sealed record ExportProgress
{
    /// <summary>What it is doing.</summary>
    public required ExportPhase Phase { get; init; }

    /// <summary>Calibration audio that this is about, or null.</summary>
    public string? Audio { get; init; }

    /// <summary>Bytes that are written.</summary>
    public long BytesDone { get; init; }

    /// <summary>Bytes of all files.</summary>
    public long BytesTotal { get; init; }
}

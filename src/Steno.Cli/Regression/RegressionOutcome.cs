namespace Steno.Cli.Regression;

/// <summary>What became of a recording.</summary>
internal enum RegressionOutcome
{
    /// <summary>Its text is right, or near enough.</summary>
    Passed,

    /// <summary>Its text is too far from the right one, or not the same in every way of running.</summary>
    Regressed,

    /// <summary>There was no text to compare with, and this one was written.</summary>
    Generated,

    /// <summary>There is nothing to compare: a fault of the recording or of the file of its text.</summary>
    Failed,
}

namespace Steno.Tests.Engine;

/// <summary>How often what happened in random schedules.</summary>
internal sealed record ScheduleTally
{
    public int Whole { get; set; }

    public int Cancelled { get; set; }

    public int Faulted { get; set; }

    public int TooLong { get; set; }

    public int Drafts { get; set; }

    public int AcceptedDraftTokens { get; set; }

    public int Evictions { get; set; }

    public int Continued { get; set; }
}

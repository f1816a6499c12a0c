namespace Steno.Threading;

/// <summary>Lets engines that share a pool compute in turns, each for one step, in the order in which they ask.</summary>
/// <remarks>The pool itself takes turns by region, of which a step has hundreds: two engines would drive each other's weights out of the caches.</remarks>
internal sealed class StepTurns
{
    private readonly object _gate = new();
    private long _nextTicket;
    private long _servedTicket;

    /// <summary>Waits for the turn.</summary>
    public void Begin()
    {
        lock (_gate)
        {
            long ticket = _nextTicket++;
            while (ticket != _servedTicket) Monitor.Wait(_gate);
        }
    }

    /// <summary>Hands the turn on.</summary>
    public void End()
    {
        lock (_gate)
        {
            _servedTicket++;
            Monitor.PulseAll(_gate);
        }
    }
}

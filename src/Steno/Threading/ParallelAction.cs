namespace Steno.Threading;

/// <summary>A delegate as work, for places that run once and not for each token.</summary>
internal readonly struct ParallelAction(Action<int> action) : IParallelWork
{
    public void Run(int item, int worker) => action(item);
}

namespace Steno.Threading;

/// <summary>A piece of work that is cut into items which may run in any order, each by one thread.</summary>
internal interface IParallelWork
{
    /// <summary>Computes one item on the calling thread.</summary>
    /// <param name="item">Index of the item.</param>
    /// <param name="worker">Index of the calling worker, below <see cref="WorkerPool.ThreadCount"/>: selects scratch memory that no other worker uses.</param>
    void Run(int item, int worker);
}

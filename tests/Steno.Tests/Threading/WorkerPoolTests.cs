using Steno.Threading;

namespace Steno.Tests.Threading;

public sealed unsafe class WorkerPoolTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void Every_item_runs_exactly_once(int threadCount)
    {
        using var pool = new WorkerPool(threadCount);
        for (int itemCount = 0; itemCount < 300; itemCount++)
        {
            int[] runs = new int[itemCount];
            pool.Run(new ParallelAction(item => Interlocked.Increment(ref runs[item])), itemCount, CancellationToken.None);
            Assert.All(runs, count => Assert.Equal(1, count));
        }
    }

    [Fact]
    public void Regions_that_follow_each_other_closely_do_not_mix()
    {
        using var pool = new WorkerPool(4);
        int[] sums = new int[20_000];
        for (int region = 0; region < sums.Length; region++)
        {
            int current = region;
            pool.Run(new ParallelAction(_ => Interlocked.Increment(ref sums[current])), 5, CancellationToken.None);
            Assert.Equal(5, sums[current]);
        }
    }

    [Fact]
    public void Callers_on_several_threads_take_turns()
    {
        using var pool = new WorkerPool(3);
        int total = 0;
        Parallel.For(0, 8, _ =>
        {
            for (int i = 0; i < 200; i++)
                pool.Run(new ParallelAction(_ => Interlocked.Increment(ref total)), 10, CancellationToken.None);
        });
        Assert.Equal(16_000, total);
    }

    [Fact]
    public void Workers_are_numbered_below_the_thread_count_and_never_share_a_number()
    {
        using var pool = new WorkerPool(4);
        int[] busy = new int[4];
        var work = new WorkerIndexWork(busy);
        pool.Run(work, 2000, CancellationToken.None);
        Assert.All(busy, count => Assert.Equal(0, count));
    }

    [Fact]
    public void A_fault_of_an_item_reaches_the_caller_and_the_pool_goes_on()
    {
        using var pool = new WorkerPool(2);
        Assert.Throws<InvalidDataException>(() => pool.Run(new ParallelAction(item => { if (item == 57) throw new InvalidDataException(); }), 100, CancellationToken.None));
        int count = 0;
        pool.Run(new ParallelAction(_ => Interlocked.Increment(ref count)), 100, CancellationToken.None);
        Assert.Equal(100, count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Cancellation_stops_before_the_next_item(int threadCount)
    {
        using var pool = new WorkerPool(threadCount);
        using var source = new CancellationTokenSource();
        int count = 0;
        Assert.ThrowsAny<OperationCanceledException>(() => pool.Run(
            new ParallelAction(_ =>
            {
                if (Interlocked.Increment(ref count) == 10) source.Cancel();
                Thread.Sleep(1);
            }),
            100_000,
            source.Token));
        Assert.InRange(count, 10, 10 + threadCount);
    }

    [Fact]
    public void Idle_workers_park()
    {
        using var pool = new WorkerPool(4);
        pool.Run(new ParallelAction(_ => Thread.Sleep(1)), 8, CancellationToken.None);
        Assert.True(SpinWait.SpinUntil(() => pool.ParkedThreadCount == 3, TimeSpan.FromSeconds(20)));
    }

    private readonly struct WorkerIndexWork(int[] busy) : IParallelWork
    {
        public void Run(int item, int worker)
        {
            if (Interlocked.Exchange(ref busy[worker], 1) != 0) throw new InvalidOperationException("Two threads have one worker index.");
            Thread.SpinWait(50);
            Volatile.Write(ref busy[worker], 0);
        }
    }
}

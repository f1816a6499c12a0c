using Steno.Tests.InstructionSets;
using Steno.Threading;

namespace Steno.Tests.Threading;

public sealed class WorkerPoolTests
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

    [Fact]
    public void Callers_that_make_several_regions_in_a_turn_alternate()
    {
        const int TurnCount = 50;
        using var pool = new WorkerPool(2);
        var order = new List<int>();
        Turn first = pool.Turns.Take(CancellationToken.None);
        Thread[] callers = [.. Enumerable.Range(0, 2).Select(index => new Thread(() => TakeTurns(index)))];
        for (int i = 0; i < 2; i++)
        {
            callers[i].Start();
            Assert.True(SpinWait.SpinUntil(() => pool.Turns.WaitingCount == i + 1, TimeSpan.FromSeconds(20)));
        }

        first.Dispose();
        foreach (Thread caller in callers) caller.Join();

        Assert.Equal(Enumerable.Range(0, 2 * TurnCount).Select(i => i % 2), order);

        void TakeTurns(int index)
        {
            for (int i = 0; i < TurnCount; i++)
            {
                using Turn turn = pool.Turns.Take(CancellationToken.None);
                order.Add(index);

                // Once the other one waits, it must be next, even if this thread asks again at once.
                bool isLast = i == TurnCount - 1 && index == 1;
                if (!isLast) Assert.True(SpinWait.SpinUntil(() => pool.Turns.WaitingCount == 1, TimeSpan.FromSeconds(20)));
                for (int region = 0; region < 3; region++) pool.Run(new ParallelAction(_ => { }), 4, CancellationToken.None);
            }
        }
    }

    [Fact]
    public async Task A_caller_that_is_cancelled_while_it_waits_leaves_the_queue()
    {
        using var pool = new WorkerPool(2);
        using var source = new CancellationTokenSource();
        Turn turn = pool.Turns.Take(CancellationToken.None);
        Task impatient = Task.Run(() => pool.Run(new ParallelAction(_ => { }), 2, source.Token), CancellationToken.None);
        Assert.True(SpinWait.SpinUntil(() => pool.Turns.WaitingCount == 1, TimeSpan.FromSeconds(20)));
        int count = 0;
        Task patient = Task.Run(() => pool.Run(new ParallelAction(_ => Interlocked.Increment(ref count)), 2, CancellationToken.None), CancellationToken.None);
        Assert.True(SpinWait.SpinUntil(() => pool.Turns.WaitingCount == 2, TimeSpan.FromSeconds(20)));

        await source.CancelAsync();
        Assert.True(SpinWait.SpinUntil(() => impatient.IsCompleted && pool.Turns.WaitingCount == 1, TimeSpan.FromSeconds(20)));
        turn.Dispose();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        await patient.WaitAsync(TimeSpan.FromSeconds(20), CancellationToken.None);
        Assert.Equal(2, count);
        Assert.Equal(0, pool.Turns.WaitingCount);
    }

    // Neighbouring items read neighbouring memory.
    [Fact]
    public void A_worker_begins_with_a_range_of_its_own()
    {
        using var pool = new WorkerPool(2);
        using var hasSecondBegun = new ManualResetEventSlim();
        int done = 0;
        int doneBefore = -1;
        pool.Run(new ParallelAction(RunItem), 1000, CancellationToken.None);
        Assert.Equal(0, doneBefore);

        void RunItem(int item)
        {
            if (item == 0) Assert.True(hasSecondBegun.Wait(TimeSpan.FromSeconds(20)));
            if (item == 500)
            {
                doneBefore = Volatile.Read(ref done);
                hasSecondBegun.Set();
            }

            Interlocked.Increment(ref done);
        }
    }

    [Fact]
    public Task The_shared_pool_runs_where_there_are_more_processors_than_it_may_have_threads() => ChildRun.RunAsync(
        ["-method", $"{typeof(WorkerPoolTests).FullName}.{nameof(The_shared_pool_has_a_thread_for_each_processor_up_to_its_most)}"],
        [("DOTNET_PROCESSOR_COUNT", "1100")],
        TestContext.Current.CancellationToken);

    [Fact]
    public void The_shared_pool_has_a_thread_for_each_processor_up_to_its_most()
    {
        int count = 0;
        WorkerPool.Shared.Run(new ParallelAction(_ => Interlocked.Increment(ref count)), 5000, CancellationToken.None);
        Assert.Equal(5000, count);
        Assert.Equal(Math.Min(Environment.ProcessorCount, 1024), WorkerPool.Shared.ThreadCount);
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

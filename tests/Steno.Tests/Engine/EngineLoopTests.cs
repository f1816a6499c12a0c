using Steno.Engine;
using Steno.Kernels;
using Steno.Model;
using Steno.Threading;

namespace Steno.Tests.Engine;

public sealed class EngineLoopTests
{
    [Fact]
    public async Task Sequences_from_many_threads_get_their_ids()
    {
        using var clips = new EngineClips();
        using var loop = new EngineLoop(clips.CreateEngine(), new TurnQueue());
        int[][] ids = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => ReadAsync(loop.Start(clips.Spec(i % EngineClips.Names.Count), CancellationToken.None)))));

        for (int i = 0; i < ids.Length; i++) Assert.Equal(clips.Alone[i % EngineClips.Names.Count], ids[i]);
        await loop.InvokeAsync(engine => Assert.Equal(0, engine.Pages.UsedPageCount));
        Assert.Equal(0, loop.PendingCount);
    }

    [Fact]
    public async Task A_cancelled_sequence_alone_stops_within_its_pass_and_gives_its_memory_back()
    {
        using var clips = new EngineClips();
        using var inPass = new ManualResetEventSlim();
        using var cancelled = new ManualResetEventSlim();
        var backend = new WaitingBackend(clips, inPass, cancelled);
        using var loop = new EngineLoop(clips.CreateEngine(wrap: backend.Wrap), new TurnQueue());
        using var source = new CancellationTokenSource();
        Sequence sequence = loop.Start(clips.Spec(0), source.Token);
        inPass.Wait();
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ReadAsync(sequence));
        cancelled.Set();
        await loop.InvokeAsync(engine => Assert.Equal(0, engine.Pages.UsedPageCount));
        Assert.True(backend.WasStopped);
        Assert.Equal(1, backend.PassCount);
    }

    [Fact]
    public async Task A_cancelled_sequence_beside_others_leaves_after_the_pass_and_they_lose_nothing()
    {
        using var clips = new EngineClips();
        using var inPass = new ManualResetEventSlim();
        using var cancelled = new ManualResetEventSlim();
        ScriptedBackend backend = null!;
        Sequence[] sequences = [];
        Sequence victim = null!;
        using var source = new CancellationTokenSource();
        using var loop = new EngineLoop(clips.CreateEngine(wrap: inner => backend = new ScriptedBackend(inner) { BeforeForward = Wait }), new TurnQueue());
        sequences = [.. Enumerable.Range(1, 4).Select(i => new Sequence(clips.Spec(i)))];
        victim = new Sequence(clips.Spec(0));
        await loop.InvokeAsync(engine =>
        {
            engine.Add(victim);
            foreach (Sequence sequence in sequences) engine.Add(sequence);
        });
        inPass.Wait();
        victim.RequestCancel(source.Token);
        cancelled.Set();

        int[][] ids = await Task.WhenAll(sequences.Select(ReadAsync));
        for (int i = 0; i < ids.Length; i++) Assert.Equal(clips.Alone[i + 1], ids[i]);
        Assert.True(victim.Completion.IsCanceled);
        await loop.InvokeAsync(engine => Assert.Equal(0, engine.Pages.UsedPageCount));

        void Wait(RaggedBatch batch)
        {
            if (cancelled.IsSet || sequences.Any(sequence => sequence.TokenCount == 0)) return;
            inPass.Set();
            cancelled.Wait();
        }
    }

    [Fact]
    public async Task A_clip_that_is_cancelled_before_its_turn_costs_nothing()
    {
        using var clips = new EngineClips();
        int calls = 0;
        using var loop = new EngineLoop(clips.CreateEngine(wrap: inner => new ScriptedBackend(inner) { BeforeEncode = _ => calls++ }), new TurnQueue());
        var mel = new Steno.Tensors.AlignedBuffer<float>(800L * clips.Model.Config.Audio.MelBinCount);
        var job = new EncodeJob(clips.Model.Config.Audio, mel, 800, AttentionMode.Windowed);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => loop.EncodeAsync(job, new CancellationToken(canceled: true)));
        await loop.InvokeAsync(_ => { });
        Assert.Equal(0, calls);
        Assert.Equal(0, loop.PendingCount);
    }

    [Fact]
    public async Task Two_engines_on_one_pool_take_turns_by_step()
    {
        using var clips = new EngineClips();
        var turns = new TurnQueue();
        var order = new List<int>();
        EngineLoop[] loops = [.. Enumerable.Range(0, 2).Select(i => new EngineLoop(clips.CreateEngine(wrap: inner => new ScriptedBackend(inner) { BeforeForward = _ => Note(i) }), turns))];
        try
        {
            Sequence[] sequences = [.. loops.Select(loop => loop.Start(clips.Spec(0), CancellationToken.None))];
            foreach (Sequence sequence in sequences) Assert.Equal(clips.Alone[0], await ReadAsync(sequence));
        }
        finally
        {
            foreach (EngineLoop loop in loops) loop.Dispose();
        }

        // From the moment at which both were at work, no one does two steps in a row.
        int begin = order.IndexOf(1 - order[0]);
        int end = Math.Min(order.LastIndexOf(0), order.LastIndexOf(1));
        for (int i = begin + 1; i <= end; i++) Assert.NotEqual(order[i - 1], order[i]);
        Assert.True(end - begin >= 4, string.Join(' ', order));

        void Note(int engine)
        {
            lock (order) order.Add(engine);

            // Long enough for the other to come to its turn.
            Thread.Sleep(20);
        }
    }

    [Fact]
    public async Task A_loop_that_is_disposed_ends_what_is_under_way()
    {
        using var clips = new EngineClips();
        var loop = new EngineLoop(clips.CreateEngine(), new TurnQueue());
        Sequence sequence = loop.Start(clips.Spec(0) with { MaxTokens = 5000, StopTokenIds = [] }, CancellationToken.None);
        Assert.True(await sequence.WaitAsync(0));
        loop.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => ReadAsync(sequence));
        Assert.Throws<ObjectDisposedException>(() => loop.Start(clips.Spec(0), CancellationToken.None));
    }

    [Fact]
    public void More_work_than_the_limit_is_refused()
    {
        using var clips = new EngineClips();
        using var hold = new ManualResetEventSlim();
        using var loop = new EngineLoop(clips.CreateEngine(wrap: inner => new ScriptedBackend(inner) { BeforeForward = _ => hold.Wait() }), new TurnQueue());
        using var source = new CancellationTokenSource();
        for (int i = 0; i < EngineLoop.MaxPending; i++) loop.Start(clips.Spec(0), source.Token);
        var exception = Assert.Throws<EngineBusyException>(() => loop.Start(clips.Spec(0), source.Token));
        Assert.Contains($"{EngineLoop.MaxPending}", exception.Message, StringComparison.Ordinal);
        source.Cancel();
        hold.Set();
    }

    [Fact]
    public async Task A_thousand_calls_leave_nothing()
    {
        using var clips = new EngineClips();
        using var loop = new EngineLoop(clips.CreateEngine(), new TurnQueue());
        int references = clips.WindowReferences;
        for (int round = 0; round < 50; round++)
        {
            using var source = new CancellationTokenSource();
            Task<int[]>[] calls = [.. Enumerable.Range(0, 20).Select(i => ReadAsync(loop.Start(clips.Spec(i % 5), i % 4 == 0 ? source.Token : CancellationToken.None)))];
            await source.CancelAsync();
            for (int i = 0; i < calls.Length; i++)
            {
                if (i % 4 == 0) await ((Task)calls[i]).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
                else Assert.Equal(clips.Alone[i % 5], await calls[i]);
            }
        }

        await loop.InvokeAsync(engine =>
        {
            Assert.False(engine.HasWork);
            Assert.Equal(0, engine.Pages.UsedPageCount);
            engine.Trim();
            engine.Trim();
            Assert.Equal(0, engine.WorkingBytes);
        });
        Assert.Equal(references, clips.WindowReferences);
    }

    private static async Task<int[]> ReadAsync(Sequence sequence)
    {
        var ids = new List<int>();
        while (await sequence.WaitAsync(ids.Count)) ids.AddRange(sequence.Tokens[ids.Count..]);
        return [.. ids];
    }

    // Stands in its first pass until it is told to go on, then does what the pass does when its token is cancelled.
    private sealed class WaitingBackend(EngineClips clips, ManualResetEventSlim inPass, ManualResetEventSlim goesOn)
    {
        public bool WasStopped { get; private set; }

        public int PassCount { get; private set; }

        public IModelBackend Wrap(IModelBackend inner) => new Backend(this, inner);

        private sealed class Backend(WaitingBackend owner, IModelBackend inner) : IModelBackend
        {
            public ModelConfig Config => owner.Config;

            public long WorkingBytes => inner.WorkingBytes;

            public void Encode(ReadOnlySpan<EncoderWindow> windows, CancellationToken cancellationToken) => inner.Encode(windows, cancellationToken);

            public void Forward(RaggedBatch batch, Span<GreedyChoice> choices, CancellationToken cancellationToken)
            {
                owner.PassCount++;
                owner.Stand();
                owner.WasStopped = cancellationToken.IsCancellationRequested;
                inner.Forward(batch, choices, cancellationToken);
            }

            public void Trim() => inner.Trim();

            public void Dispose() => inner.Dispose();
        }

        private ModelConfig Config => clips.Model.Config;

        private void Stand()
        {
            inPass.Set();
            goesOn.Wait();
        }
    }
}

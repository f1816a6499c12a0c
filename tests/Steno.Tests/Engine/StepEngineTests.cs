using Steno.Decoding;
using Steno.Engine;
using Steno.Kernels;
using Steno.Model;

namespace Steno.Tests.Engine;

public sealed class StepEngineTests
{
    [Theory]
    [InlineData(WeightPrecision.Auto)]
    [InlineData(WeightPrecision.Q8)]
    [InlineData(WeightPrecision.Q4)]
    public void Clips_give_the_ids_together_that_they_give_alone(WeightPrecision weights)
    {
        using var clips = new EngineClips(weights);
        using StepEngine engine = clips.CreateEngine();
        Sequence[] sequences = [.. Enumerable.Range(0, 3 * EngineClips.Names.Count).Select(i => new Sequence(clips.Spec(i % EngineClips.Names.Count)))];
        Assert.True(sequences.Sum(sequence => sequence.RowCount) > RaggedBatch.MaxRowCount);
        foreach (Sequence sequence in sequences) engine.Add(sequence);
        RunToEnd(engine);

        for (int i = 0; i < sequences.Length; i++)
        {
            Assert.Equal(clips.Alone[i % EngineClips.Names.Count], sequences[i].Tokens.ToArray());
            Assert.Equal(sequences[i % EngineClips.Names.Count].MeanTokenProbability, sequences[i].MeanTokenProbability);
        }
    }

    [Fact]
    public void A_right_draft_takes_one_pass_and_a_wrong_one_changes_nothing()
    {
        using var clips = new EngineClips();
        int[] ids = clips.Alone[0];
        int[] wrong = [.. ids];
        wrong[2]++;
        foreach ((int[] draft, int accepted) in new[] { (ids, ids.Length), (wrong, 2), (ids[..1], 1), ([.. ids, 5, 6], ids.Length) })
        {
            ScriptedBackend backend = null!;
            using StepEngine engine = clips.CreateEngine(wrap: inner => backend = new ScriptedBackend(inner));
            var sequence = new Sequence(clips.Spec(0) with { Draft = draft });
            engine.Add(sequence);
            RunToEnd(engine);

            Assert.Equal(ids, sequence.Tokens.ToArray());
            Assert.Equal(accepted, sequence.AcceptedDraftCount);
            Assert.Equal(StopReason.StopToken, sequence.StopReason);
            Assert.Equal(1 + ids.Length - accepted, backend.RowCounts.Count);
        }
    }

    [Fact]
    public void Choices_at_rows_of_a_given_text_are_what_the_model_would_say_there()
    {
        using var clips = new EngineClips();
        using StepEngine engine = clips.CreateEngine(limits: new StepLimits { Choices = 3 });
        Prompt prompt = clips.PromptOf(1);
        int last = prompt.Ids.Length - 1;
        int[] ids = clips.Alone[1];
        var sequence = new Sequence(clips.Spec(1, prompt with { Ids = [.. prompt.Ids, .. ids] }) with { ChoiceRows = [.. Enumerable.Range(last, ids.Length + 1)] });
        engine.Add(sequence);
        RunToEnd(engine);

        Assert.True(sequence.Completion.IsCompletedSuccessfully);
        Assert.Equal(ids, sequence.Choices.Take(ids.Length).Select(choice => choice.Index));
        Assert.Contains(sequence.Choices[^1].Index, clips.Model.StopTokenIds);
        Assert.Equal(0, sequence.TokenCount);
    }

    [Fact]
    public void A_prompt_that_begins_like_the_one_before_computes_only_its_own_rows()
    {
        using var clips = new EngineClips();
        ScriptedBackend backend = null!;
        using StepEngine engine = clips.CreateEngine(wrap: inner => backend = new ScriptedBackend(inner));
        Prompt prompt = clips.PromptOf(0);
        int[] ids = clips.Alone[0];
        var first = new Sequence(clips.Spec(0) with { IsRetained = true });
        engine.Add(first);
        RunToEnd(engine);
        backend.RowCounts.Clear();

        var second = new Sequence(clips.Spec(0, prompt with { Ids = [.. prompt.Ids, .. ids[..2]] }) with { Prefix = first.Retained });
        engine.Add(second);
        RunToEnd(engine);

        Assert.Equal(ids[2..], second.Tokens.ToArray());
        Assert.All(backend.RowCounts, rows => Assert.Equal(1, rows));
        Assert.Equal(0, engine.Pages.UsedPageCount);
    }

    [Fact]
    public void What_a_sequence_left_goes_when_memory_is_short_and_its_follower_computes_all_rows()
    {
        using var clips = new EngineClips();
        using StepEngine engine = clips.CreateEngine(cacheBytes: 3 * clips.Pages().PageBytes);
        var first = new Sequence(clips.Spec(0) with { IsRetained = true });
        engine.Add(first);
        RunToEnd(engine);
        Assert.True(engine.Pages.UsedPageCount > 0);
        var other = new Sequence(clips.Spec(1));
        engine.Add(other);
        RunToEnd(engine);
        Assert.Equal(clips.Alone[1], other.Tokens.ToArray());

        var second = new Sequence(clips.Spec(0) with { Prefix = first.Retained });
        engine.Add(second);
        RunToEnd(engine);
        Assert.Equal(clips.Alone[0], second.Tokens.ToArray());
    }

    [Fact]
    public async Task A_prompt_beyond_the_cache_memory_ends_with_a_message_and_others_go_on()
    {
        using var clips = new EngineClips();
        using StepEngine engine = clips.CreateEngine(cacheBytes: 2 * clips.Pages().PageBytes);
        Prompt prompt = clips.PromptOf(0);
        var tooLong = new Sequence(clips.Spec(0, prompt with { Ids = [.. prompt.Ids, .. new int[3 * KvCache.PageLength]] }));
        var fits = new Sequence(clips.Spec(0));
        engine.Add(tooLong);
        engine.Add(fits);
        RunToEnd(engine);

        var exception = await Assert.ThrowsAsync<CacheMemoryException>(() => tooLong.Completion);
        Assert.Contains($"{2 * clips.Pages().PageBytes} bytes", exception.Message, StringComparison.Ordinal);
        Assert.Equal(clips.Alone[0], fits.Tokens.ToArray());
    }

    [Fact]
    public async Task Numbers_that_are_not_finite_end_their_own_sequence_only()
    {
        using var clips = new EngineClips();
        Sequence? bad = null;
        using StepEngine engine = clips.CreateEngine(wrap: inner => new ScriptedBackend(inner) { AfterForward = Spoil });
        bad = new Sequence(clips.Spec(0));
        var good = new Sequence(clips.Spec(1));
        engine.Add(bad);
        engine.Add(good);
        RunToEnd(engine);

        await Assert.ThrowsAsync<ModelFormatException>(() => bad.Completion);
        Assert.Equal(clips.Alone[1], good.Tokens.ToArray());

        void Spoil(RaggedBatch batch, Span<GreedyChoice> choices)
        {
            for (int i = 0; i < choices.Length; i++)
            {
                if (bad!.TokenCount > 1 && ReferenceEquals(batch.Rows[batch.LogitRows[i]].Cache, bad.Cache)) choices[i] = new GreedyChoice(0, double.NaN);
            }
        }
    }

    [Fact]
    public async Task A_pass_that_fails_is_the_fault_of_the_sequence_with_which_it_fails_alone()
    {
        using var clips = new EngineClips();
        Sequence? bad = null;
        using StepEngine engine = clips.CreateEngine(wrap: inner => new ScriptedBackend(inner) { BeforeForward = Fail });
        bad = new Sequence(clips.Spec(0));
        var good = new Sequence(clips.Spec(1));
        engine.Add(good);
        engine.Add(bad);
        RunToEnd(engine);

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => bad.Completion);
        Assert.Equal("broken", exception.Message);
        Assert.Equal(clips.Alone[1], good.Tokens.ToArray());

        void Fail(RaggedBatch batch)
        {
            foreach (BatchRow row in batch.Rows)
            {
                if (bad!.TokenCount > 1 && ReferenceEquals(row.Cache, bad.Cache)) throw new InvalidOperationException("broken");
            }
        }
    }

    [Fact]
    public void A_long_prompt_delays_others_by_one_part_of_it()
    {
        using var clips = new EngineClips();
        ScriptedBackend backend = null!;
        var limits = new StepLimits();
        using StepEngine engine = clips.CreateEngine(limits: limits, wrap: inner => backend = new ScriptedBackend(inner));
        Prompt prompt = clips.PromptOf(0);
        var longer = new Sequence(clips.Spec(0, prompt with { Ids = [.. prompt.Ids, .. new int[2000]] }));
        engine.Add(longer);
        engine.Step();
        Assert.Equal([limits.PrefillRows], backend.RowCounts);

        var shorter = new Sequence(clips.Spec(1));
        int shortRows = shorter.RowCount;
        engine.Add(shorter);
        backend.RowCounts.Clear();
        while (shorter.TokenCount == 0) engine.Step();
        Assert.InRange(backend.RowCounts.Sum(), shortRows, shortRows + limits.SharedPrefillRows);
        while (!shorter.Completion.IsCompleted) engine.Step();
        Assert.All(backend.RowCounts, rows => Assert.InRange(rows, 1, Math.Max(shortRows, limits.SharedPrefillRows + 1)));
        Assert.Equal(clips.Alone[1], shorter.Tokens.ToArray());
        Assert.False(longer.Completion.IsCompleted);
    }

    [Fact]
    public void Memory_that_was_not_needed_since_the_last_trim_is_given_back()
    {
        using var clips = new EngineClips();
        using StepEngine engine = clips.CreateEngine();
        engine.Add(new Sequence(clips.Spec(0)));
        RunToEnd(engine);
        long after = engine.WorkingBytes;
        engine.Trim();
        Assert.InRange(engine.WorkingBytes, 1, after);
        engine.Trim();
        Assert.Equal(0, engine.WorkingBytes);
    }

    internal static void RunToEnd(StepEngine engine)
    {
        while (engine.Step()) continue;
        Assert.False(engine.HasWork);
    }
}

using Steno.Decoding;
using Steno.Engine;
using Steno.Loading;
using Steno.Model;
using Steno.Tests.Model;

namespace Steno.Tests.Decoding;

/// <summary>Counts what all threads of the process allocate, so nothing else may run beside it.</summary>
[Collection(AloneTests.Name)]
public sealed class DecodeAllocationTests
{
    private const int AudioRowCount = 13;

    [Theory]
    [InlineData(WeightPrecision.Auto, 1)]
    [InlineData(WeightPrecision.Auto, 2)]
    [InlineData(WeightPrecision.Q8, 2)]
    [InlineData(WeightPrecision.Q4, 2)]
    public void A_decode_step_allocates_nothing(WeightPrecision weights, int threadCount)
    {
        using LoadedModel model = GoldenModelTests.Load("random-small", weights, threadCount);
        using var engine = new StepEngine(new NetworkBackend(model.Config, model.AudioEncoder, model.TextDecoder), new KvPagePool(model.Config.Text, CachePrecision.BFloat16));
        Prompt prompt = new PromptBuilder(model.Tokenizer).Build(null, null, AudioRowCount);

        // With the prompt of 28 the 36 tokens stay in the cache's first page. What the runtime allocates, to compile or of its own accord, does not repeat.
        long[] allocated = new long[36];
        long[] ofEachStep = [.. Enumerable.Repeat(long.MaxValue, allocated.Length - 2)];
        for (int attempt = 0; attempt < 5; attempt++)
        {
            var window = new EncodedWindow(AudioRowCount, model.Config.Audio.OutputWidth);
            window.Span.Clear();
            var sequence = new Sequence(new SequenceSpec { Prompt = new PromptRows(prompt, [window]), MaxTokens = allocated.Length });
            window.Release();
            engine.Add(sequence);
            for (int i = 0; i < allocated.Length; i++)
            {
                engine.Step();
                allocated[i] = GC.GetTotalAllocatedBytes(precise: true);
            }

            Assert.Equal(allocated.Length, sequence.TokenCount);
            for (int i = 0; i < ofEachStep.Length; i++) ofEachStep[i] = Math.Min(ofEachStep[i], allocated[i + 1] - allocated[i]);
        }

        Assert.Equal(KvCache.PageLength, prompt.Ids.Length + allocated.Length);
        Assert.Equal(new long[ofEachStep.Length], ofEachStep);
    }
}

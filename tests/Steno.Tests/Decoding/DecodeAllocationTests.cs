using Steno.Decoding;
using Steno.Loading;
using Steno.Model;
using Steno.Tensors;
using Steno.Tests.Model;

namespace Steno.Tests.Decoding;

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
        using var buffers = new ActivationBuffers();
        using var audio = new AlignedBuffer<float>(AudioRowCount * model.Config.Audio.OutputWidth);
        Prompt prompt = new PromptBuilder(model.Tokenizer).Build(null, null, AudioRowCount);

        // With the prompt of 28 the 36 tokens stay in the cache's first page. What the runtime allocates while it compiles does not repeat.
        long[] allocated = new long[36];
        for (int attempt = 0; attempt < 3; attempt++)
        {
            int count = 0;
            using var sequence = new DecodingSequence(prompt, audio, new KvCache(model.Config.Text, CachePrecision.BFloat16), allocated.Length, _ => allocated[count++] = GC.GetAllocatedBytesForCurrentThread());
            new GreedyDecoder(model.TextDecoder, stopTokenIds: []).Decode([sequence], buffers, tap: null, CancellationToken.None);
        }

        Assert.Equal(KvCache.PageLength, prompt.Ids.Length + allocated.Length);
        Assert.Equal(0, allocated[^1] - allocated[0]);
    }
}

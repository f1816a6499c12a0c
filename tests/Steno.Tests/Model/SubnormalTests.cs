using System.Reflection;
using Steno.Clips;
using Steno.Diagnostics;
using Steno.Kernels;
using Steno.Loading;
using Steno.Model;
using Steno.Tensors;

namespace Steno.Tests.Model;

/// <summary>Numbers below the normal range cost some processors as much as a hundred others, so none may appear on the way of a clip.</summary>
public sealed class SubnormalTests
{
    [Theory]
    [InlineData(WeightPrecision.BFloat16)]
    [InlineData(WeightPrecision.Q8)]
    [InlineData(WeightPrecision.Q4)]
    public void No_product_and_no_stage_meets_a_subnormal_number(WeightPrecision weights)
    {
        var counter = new Counter();
        using LoadedModel model = LoadedModel.Load(Repository.PathOf("models", "tiny-asr"), weights, threadCount: 2, CancellationToken.None);
        using var pass = new ClipPass(model, new ClipPassOptions { InputTap = counter }) { Tap = counter };
        foreach (float[] samples in Clips())
        {
            ClipFeatures features = pass.Prepare(samples, CancellationToken.None)!;
            pass.Run(features, AttentionMode.Windowed, maxTokens: 30, CancellationToken.None);
            LookAtBuffers(pass, counter);
        }

        Assert.True(counter.NumberCount > 10_000_000, $"only {counter.NumberCount} numbers were looked at");
        Assert.Empty(counter.Places);
    }

    // What the last calls left in all buffers, those of the convolutions among them; quantised rows and patches are no floats.
    private static unsafe void LookAtBuffers(ClipPass pass, Counter counter)
    {
        object backend = Field(pass, "_backend");
        var buffers = (AlignedBuffer<float>?[])Field(Field(backend, "_buffers"), "_buffers");
        foreach (ActivationSlot slot in Enum.GetValues<ActivationSlot>())
        {
            if (slot is not (ActivationSlot.QuantizedRows or ActivationSlot.ConvPatches) && buffers[(int)slot] is { } buffer) counter.Look($"{slot}", buffer.Span);
        }

        static object Field(object owner, string name) => owner.GetType().GetField(name, BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(owner)!;
    }

    // Speech, speech in digital silence, a click in it, noise, and a tone that fades by 200 dB.
    private static IEnumerable<float[]> Clips()
    {
        float[] speech = Samples.Read(Samples.AudioPath("english-3"));
        yield return [.. speech];
        yield return [.. new float[48_000], .. speech, .. new float[80_000]];
        float[] click = new float[64_000];
        click[30_000] = 1;
        yield return click;
        var random = new Random(1);
        yield return [.. Enumerable.Range(0, 64_000).Select(_ => (float)(random.NextDouble() - 0.5))];
        yield return [.. Enumerable.Range(0, 64_000).Select(i => (float)(Math.Sin(i * 0.3) * Math.Pow(10, -i / 6400.0)))];
    }

    private sealed unsafe class Counter : ITensorTap, ILinearTap
    {
        public long NumberCount { get; private set; }

        public SortedDictionary<string, long> Places { get; } = new(StringComparer.Ordinal);

        public void OnRows(string name, long firstRow, Span<float> rows) => Look(name, rows);

        public void OnInput(PackedMatrix weights, float* input, int rowCount) =>
            Look($"input of [{weights.RowCount}, {weights.ColumnCount}]", new Span<float>(input, rowCount * weights.ColumnCount));

        public void Look(string place, Span<float> numbers)
        {
            NumberCount += numbers.Length;
            long count = 0;
            foreach (float number in numbers)
            {
                if (float.IsSubnormal(number)) count++;
            }

            if (count > 0) Places[place] = Places.GetValueOrDefault(place) + count;
        }
    }
}

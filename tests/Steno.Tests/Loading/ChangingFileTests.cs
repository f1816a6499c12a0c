using Steno.Checkpoints;
using Steno.Loading;
using Steno.Model;
using Steno.Tensors;
using Steno.Tests.Checkpoints;
using Steno.Tests.Dialects;
using Steno.Threading;

namespace Steno.Tests.Loading;

public sealed class ChangingFileTests
{
    [Theory]
    [InlineData("safetensors", 0)]
    [InlineData("safetensors", 60)]
    [InlineData("gguf", 0)]
    [InlineData("gguf", 60)]
    public void A_file_that_is_cut_short_between_two_tensors_is_a_fault(string format, int tensorsBefore)
    {
        using var directory = new TemporaryDirectory();
        (string model, string weights) = Write(directory, format);
        Checkpoint checkpoint = CheckpointFinder.Find(model);
        using var source = new CuttingSource(checkpoint.OpenWeights(), weights, tensorsBefore);

        var fault = Assert.Throws<ModelFormatException>(
            () => ModelWeights.Pack(checkpoint.Config, source, WeightPrecision.Stored, WorkerPool.Shared, TestContext.Current.CancellationToken));

        Assert.Equal(weights, fault.File);
        Assert.Contains("changed while it was being read", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("safetensors")]
    [InlineData("gguf")]
    public void Whenever_a_file_is_cut_short_a_model_loads_or_a_fault_says_why(string format)
    {
        const int RoundCount = 40;
        using var directory = new TemporaryDirectory();
        (string model, string weights) = Write(directory, format);
        byte[] content = File.ReadAllBytes(weights);
        var random = new Random(3);
        int faultCount = 0;

        for (int i = 0; i < RoundCount; i++)
        {
            File.WriteAllBytes(weights, content);
            int spins = random.Next(1 << 20);
            long length = random.NextInt64(content.Length);
            var cutter = new Thread(() =>
            {
                Thread.SpinWait(spins);
                Cut(weights, length);
            });
            cutter.Start();
            try
            {
                AsrModel.Load(model, new AsrModelOptions { Weights = WeightPrecision.Stored }, TestContext.Current.CancellationToken).Dispose();
            }
            catch (Exception fault) when (fault is ModelFormatException or IOException)
            {
                faultCount++;
            }

            cutter.Join();
        }

        Assert.InRange(faultCount, 1, RoundCount);
    }

    private static (string Model, string Weights) Write(TemporaryDirectory directory, string format)
    {
        if (format == "gguf")
        {
            string path = directory.Write("m.gguf", TinyGguf.CrispAsr(new TinyGgufOptions("F16")).Write());
            return (path, path);
        }

        string folder = Directory.CreateDirectory(directory.PathOf("tiny")).FullName;
        foreach (string file in Directory.EnumerateFiles(TinyCheckpoint.Directory)) File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        return (folder, Path.Combine(folder, "model.safetensors"));
    }

    private static void Cut(string path, long length)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        stream.SetLength(length);
    }

    // Cuts the file in half, as another program would, when some tensors have been asked for.
    private sealed class CuttingSource(IWeightSource source, string path, int tensorsBefore) : IWeightSource
    {
        private int _count;

        public string Location => source.Location;

        public bool TryGetTensor(string name, out TensorView tensor)
        {
            if (_count++ == tensorsBefore) Cut(path, new FileInfo(path).Length / 2);
            return source.TryGetTensor(name, out tensor);
        }

        public void Dispose() => source.Dispose();
    }
}

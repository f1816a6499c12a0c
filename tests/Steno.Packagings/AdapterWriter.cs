namespace Steno.Packagings;

/// <summary>Writes LoRA adapters as PEFT does, and models into which they are merged.</summary>
internal static class AdapterWriter
{
    private const string Weight = ".weight";

    /// <summary>Writes an adapter of random matrices.</summary>
    /// <param name="source">Directory of the model.</param>
    /// <param name="target">Directory to fill.</param>
    /// <param name="options">What the adapter is.</param>
    /// <param name="merged">Directory for the model with the adapter added, in F32; null for none.</param>
    public static void Write(string source, string target, AdapterOptions options, string? merged)
    {
        var random = new Random(options.Seed);
        var tensors = new List<OutputTensor>();
        var deltas = new Dictionary<string, float[]>(StringComparer.Ordinal);
        foreach (SourceTensor tensor in SourceTensor.ReadAll(Path.Combine(source, "model.safetensors")))
        {
            if (tensor.Shape.Length != 2 || !options.IsAdapted(tensor.Name)) continue;
            (int rows, int columns) = ((int)tensor.Shape[0], (int)tensor.Shape[1]);
            (int rank, double alpha) = options.StrengthOf(tensor.Name[..^Weight.Length]);
            float[] a = [.. Enumerable.Range(0, rank * columns).Select(_ => (float)((random.NextDouble() - 0.5) / Math.Sqrt(columns)))];
            float[] b = [.. Enumerable.Range(0, rows * rank).Select(_ => options.IsZero ? 0f : (float)((random.NextDouble() - 0.5) * options.Magnitude))];
            string key = options.KeyOf(tensor.Name[..^Weight.Length]);
            tensors.Add(new OutputTensor(key + ".lora_A.weight", "F32", [rank, columns], Numbers.Bytes("F32", a)));
            tensors.Add(new OutputTensor(key + ".lora_B.weight", "F32", [rows, rank], Numbers.Bytes("F32", b)));
            double scale = options.IsRankStabilised ? alpha / Math.Sqrt(rank) : alpha / rank;
            deltas[tensor.Name] = Product(a, b, rank, columns, scale);
        }

        Directory.CreateDirectory(target);
        File.WriteAllText(Path.Combine(target, "adapter_config.json"), options.Config());
        using (var output = new SafetensorsOutput(Path.Combine(target, "adapter_model.safetensors")))
        {
            foreach (OutputTensor tensor in tensors) output.Add(tensor);
            output.Finish();
        }

        if (merged is not null) WriteMerged(source, merged, deltas);
    }

    private static float[] Product(float[] a, float[] b, int rank, int columns, double scale)
    {
        float[] product = new float[b.Length / rank * columns];
        for (int i = 0; i < product.Length; i++)
        {
            double sum = 0;
            for (int j = 0; j < rank; j++) sum += b[(i / columns * rank) + j] * (double)a[(j * columns) + (i % columns)];
            product[i] = (float)(scale * sum);
        }

        return product;
    }

    private static void WriteMerged(string source, string target, Dictionary<string, float[]> deltas)
    {
        PackagingWriter.CopyFiles(source, target, family: null);
        using var output = new SafetensorsOutput(Path.Combine(target, "model.safetensors"));
        foreach (SourceTensor tensor in SourceTensor.ReadAll(Path.Combine(source, "model.safetensors")))
        {
            float[] values = tensor.Values();
            if (deltas.TryGetValue(tensor.Name, out float[]? delta))
            {
                for (int i = 0; i < values.Length; i++) values[i] = (float)(values[i] + (double)delta[i]);
            }

            output.Add(new OutputTensor(tensor.Name, "F32", tensor.Shape, Numbers.Bytes("F32", values)));
        }

        output.Finish();
    }
}

using System.Text.Json.Nodes;

namespace Steno.Packagings;

/// <summary>Writes a checkpoint in a packaging, and its twin: the original layout with, in F32, the numbers that the packed matrices stand for.</summary>
internal static class PackagingWriter
{
    private const string Weight = ".weight";
    private const string Prefix = "thinker.";

    private static readonly string[] CopiedFiles = ["generation_config.json", "preprocessor_config.json", "tokenizer_config.json", "vocab.json", "merges.txt"];

    /// <summary>Writes a packaging.</summary>
    /// <param name="family">The packaging.</param>
    /// <param name="source">Directory of a checkpoint in the original layout, in one file.</param>
    /// <param name="target">Directory to fill.</param>
    /// <param name="twin">Directory for the twin; null for none.</param>
    public static void Write(Family family, string source, string target, string? twin)
    {
        CopyFiles(source, target, family);
        if (twin is not null) CopyFiles(source, twin, family: null);
        using var output = new SafetensorsOutput(Path.Combine(target, "model.safetensors"));
        using SafetensorsOutput? twinOutput = twin is null ? null : new SafetensorsOutput(Path.Combine(twin, "model.safetensors"));
        foreach (SourceTensor tensor in SourceTensor.ReadAll(Path.Combine(source, "model.safetensors")))
        {
            string stored = family.IsMlx ? tensor.Name[Prefix.Length..] : tensor.Name;
            StoredMatrix? matrix = tensor.Shape.Length == 2 && tensor.Name.EndsWith(Weight, StringComparison.Ordinal)
                ? family.Encode(stored[..^Weight.Length], tensor.Values(), (int)tensor.Shape[1])
                : null;
            foreach (OutputTensor part in matrix?.Tensors ?? [Plain(tensor, stored, family.IsMlx)]) output.Add(part);
            if (matrix is null && tensor.Shape.Length == 2)
            {
                foreach (OutputTensor part in family.Beside(stored[..^Weight.Length])) output.Add(part);
            }

            twinOutput?.Add(new OutputTensor(tensor.Name, "F32", tensor.Shape, Numbers.Bytes("F32", matrix?.Values ?? tensor.Values())));
        }

        output.Finish();
        twinOutput?.Finish();
    }

    // Kernels of convolutions are [out, in, height, width]; MLX wants the channels last.
    private static OutputTensor Plain(SourceTensor tensor, string name, bool isMlx)
    {
        if (!isMlx || tensor.Shape.Length != 4) return new OutputTensor(name, tensor.DType, tensor.Shape, tensor.Data);
        (long outputs, long inputs, long places) = (tensor.Shape[0], tensor.Shape[1], tensor.Shape[2] * tensor.Shape[3]);
        int size = tensor.Data.Length / (int)(outputs * inputs * places);
        byte[] data = new byte[tensor.Data.Length];
        for (long o = 0; o < outputs; o++)
        {
            for (long i = 0; i < inputs; i++)
            {
                for (long p = 0; p < places; p++)
                    Array.Copy(tensor.Data, ((((o * inputs) + i) * places) + p) * size, data, ((((o * places) + p) * inputs) + i) * size, size);
            }
        }

        return new OutputTensor(name, tensor.DType, [outputs, tensor.Shape[2], tensor.Shape[3], inputs], data);
    }

    public static void CopyFiles(string source, string target, Family? family)
    {
        Directory.CreateDirectory(target);
        foreach (string name in CopiedFiles.Where(name => File.Exists(Path.Combine(source, name)))) File.Copy(Path.Combine(source, name), Path.Combine(target, name), overwrite: true);
        JsonObject config = JsonNode.Parse(File.ReadAllText(Path.Combine(source, "config.json")))!.AsObject();
        if (family?.Quantization is { } quantization)
        {
            config["quantization_config"] = JsonNode.Parse(quantization);
            if (family.IsMlx) config["quantization"] = JsonNode.Parse(quantization);
        }

        File.WriteAllText(Path.Combine(target, "config.json"), config.ToJsonString());
    }
}

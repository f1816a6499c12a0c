using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Steno.Cli.Commands;

namespace Steno.Cli.Output;

/// <summary>What <c>steno info</c> says, as text and as JSON.</summary>
internal static class InfoReport
{
    /// <summary>The encoder makes 13 positions of each second of audio.</summary>
    private const long PositionsPerMinute = 13 * 60;

    public static string Text(ModelInfo model, StoredModel stored)
    {
        var text = new StringBuilder();
        Line("Version", VersionAction.Text);
        Line("Runtime", $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier}");
        Line("Processors", $"{Environment.ProcessorCount}");
        Line("CPU paths", string.Join(", ", CpuFeatures.All.Select(feature => $"{feature.Name} {(feature.IsSupported ? "yes" : "no")}")));
        Line("Memory", $"{Megabytes(MemoryBytes)} available to the process");
        foreach (AudioDecoderInfo decoder in AudioDecoders.Find())
            Line(decoder.Name, decoder.Location is null ? $"not found ({AudioDecoders.InstallHint})" : OneLine.Of($"{decoder.Version ?? "of unknown version"}, {decoder.Location}"));
        Line("Model", OneLine.Of(model.Name));
        Line("Directory", OneLine.Of(model.Directory));
        foreach (string adapter in model.Adapters) Line("Adapter", OneLine.Of(adapter));
        Line("Family", stored.Family);
        Line("Stored as", StoredModelReport.Shares(stored));
        Line("Origin", stored.Origin is null ? "not stated" : OneLine.Of(stored.Origin));
        Line("Encoder", $"{model.Encoder.Layers} layers, width {model.Encoder.Width}, {model.Encoder.Heads} heads, MLP {model.Encoder.FeedForward}, {model.Encoder.ConvChannels} convolution channels");
        Line("Decoder", $"{model.Decoder.Layers} layers, width {model.Decoder.Width}, {model.Decoder.Heads} heads ({model.Decoder.KvHeads} key-value), MLP {model.Decoder.FeedForward}, vocabulary {model.Decoder.Vocabulary}");
        Line("Parameters", $"{model.ParameterCount / 1e6:F1} million");
        Line("Weights", $"{WeightNames.Of(model.Weights)}, {Megabytes(model.WeightBytes)}");
        foreach (HeldWeights part in model.HeldWeights)
            Line("Held", OneLine.Of($"{Share(part, model)} as {part.HeldAs}, stored as {part.StoredAs}"));
        Line("KV cache", $"{Megabytes(model.CacheBytesPerPosition * PositionsPerMinute)} for each minute of audio, at most {Megabytes(model.CacheMemory)} in all");
        Line("Kernels", model.KernelPath);
        Line("Threads", $"{model.ThreadCount}");
        Line("Languages", model.Languages.Count == 0 ? "not stated" : OneLine.Of(string.Join(", ", model.Languages)));
        return text.ToString();

        void Line(string name, string value) => text.Append((name + ':').PadRight(12)).Append(value).Append('\n');
    }

    public static byte[] Json(ModelInfo model, StoredModel stored)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, TranscriptJsonWriter.Options))
        {
            json.WriteStartObject();
            json.WriteString("version", VersionAction.Text);
            json.WriteString("runtime", RuntimeInformation.FrameworkDescription);
            json.WriteString("platform", RuntimeInformation.RuntimeIdentifier);
            json.WriteNumber("processors", Environment.ProcessorCount);
            json.WriteStartObject("cpu_paths");
            foreach ((string name, bool isSupported) in CpuFeatures.All)
                json.WriteBoolean(name, isSupported);
            json.WriteEndObject();
            json.WriteNumber("memory_bytes", MemoryBytes);
            WriteDecoders(json);
            WriteModel(json, model);
            json.WriteStartObject("stored");
            StoredModelReport.WriteTo(json, stored);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    private static long MemoryBytes => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    private static void WriteDecoders(Utf8JsonWriter json)
    {
        json.WriteStartObject("decoders");
        foreach (AudioDecoderInfo decoder in AudioDecoders.Find())
        {
            json.WriteStartObject(decoder.Name);
            json.WriteString("location", decoder.Location);
            json.WriteString("version", decoder.Version);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteModel(Utf8JsonWriter json, ModelInfo model)
    {
        json.WriteStartObject("model");
        json.WriteString("name", model.Name);
        json.WriteString("directory", model.Directory);
        json.WriteStartArray("adapters");
        foreach (string adapter in model.Adapters)
            json.WriteStringValue(adapter);
        json.WriteEndArray();
        json.WriteStartObject("encoder");
        json.WriteNumber("layers", model.Encoder.Layers);
        json.WriteNumber("width", model.Encoder.Width);
        json.WriteNumber("heads", model.Encoder.Heads);
        json.WriteNumber("feed_forward", model.Encoder.FeedForward);
        json.WriteNumber("conv_channels", model.Encoder.ConvChannels);
        json.WriteEndObject();
        json.WriteStartObject("decoder");
        json.WriteNumber("layers", model.Decoder.Layers);
        json.WriteNumber("width", model.Decoder.Width);
        json.WriteNumber("heads", model.Decoder.Heads);
        json.WriteNumber("kv_heads", model.Decoder.KvHeads);
        json.WriteNumber("feed_forward", model.Decoder.FeedForward);
        json.WriteNumber("vocabulary", model.Decoder.Vocabulary);
        json.WriteEndObject();
        json.WriteNumber("parameters", model.ParameterCount);
        json.WriteString("weights", WeightNames.Of(model.Weights));
        json.WriteNumber("weight_bytes", model.WeightBytes);
        json.WriteStartArray("held_weights");
        foreach (HeldWeights part in model.HeldWeights)
        {
            json.WriteStartObject();
            json.WriteString("stored_as", part.StoredAs);
            json.WriteString("held_as", part.HeldAs);
            json.WriteNumber("parameters", part.ParameterCount);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("cache_bytes_per_minute", model.CacheBytesPerPosition * PositionsPerMinute);
        json.WriteNumber("cache_memory_bytes", model.CacheMemory);
        json.WriteString("kernel_path", model.KernelPath);
        json.WriteNumber("threads", model.ThreadCount);
        json.WriteStartArray("languages");
        foreach (string language in model.Languages)
            json.WriteStringValue(language);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static string Share(HeldWeights part, ModelInfo model) =>
        string.Create(CultureInfo.InvariantCulture, $"{100.0 * part.ParameterCount / model.HeldWeights.Sum(other => other.ParameterCount):F1} %");

    private static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:F1} MB");
}

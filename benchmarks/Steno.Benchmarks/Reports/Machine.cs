using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using System.Text;
using System.Text.Json;

namespace Steno.Benchmarks.Reports;

/// <summary>What the measurements were made on.</summary>
internal static class Machine
{
    /// <summary>Name of the processor, as the operating system gives it.</summary>
    public static string ProcessorName { get; } = FindProcessorName();

    /// <summary>The name as a folder: lower case, words joined by hyphens.</summary>
    public static string FolderName { get; } = ToFolderName(ProcessorName);

    /// <summary>The instruction sets that the kernels could use here.</summary>
    public static IReadOnlyList<string> InstructionSets { get; } =
    [
        .. Avx512F.IsSupported && Avx512BW.IsSupported ? ["AVX-512"] : Array.Empty<string>(),
        .. AvxVnni.IsSupported ? ["AVX-VNNI"] : Array.Empty<string>(),
        .. Avx2.IsSupported && Fma.IsSupported ? ["AVX2"] : Array.Empty<string>(),
        .. AdvSimd.IsSupported ? ["AdvSimd"] : Array.Empty<string>(),
        .. Dp.IsSupported ? ["DotProd"] : Array.Empty<string>(),
    ];

    /// <summary>The versions and the hardware behind a folder of results.</summary>
    public static string Versions()
    {
        var text = new StringBuilder();
        Line("Processor", ProcessorName);
        Line("Processors", Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture));
        Line("Instruction sets", string.Join(", ", InstructionSets));
        Line("Memory", string.Create(CultureInfo.InvariantCulture, $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9:F1} GB"));
        Line("Operating system", $"{RuntimeInformation.OSDescription} ({RuntimeInformation.RuntimeIdentifier})");
        Line("Runtime", RuntimeInformation.FrameworkDescription);
        Line("Steno", typeof(AsrModel).Assembly.GetName().Version?.ToString(3) ?? "unknown");
        Line("BenchmarkDotNet", typeof(BenchmarkDotNet.Running.BenchmarkRunner).Assembly.GetName().Version?.ToString(3) ?? "unknown");
        Line("Date", DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        return text.ToString();

        void Line(string name, string value) => text.Append(CultureInfo.InvariantCulture, $"{name + ":",-18}{value}\n");
    }

    /// <summary>Writes the property "machine".</summary>
    public static void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject("machine");
        json.WriteString("processor", ProcessorName);
        json.WriteNumber("processors", Environment.ProcessorCount);
        json.WriteStartArray("instruction_sets");
        foreach (string name in InstructionSets) json.WriteStringValue(name);
        json.WriteEndArray();
        json.WriteString("os", RuntimeInformation.OSDescription);
        json.WriteString("runtime", RuntimeInformation.FrameworkDescription);
        json.WriteEndObject();
    }

    // Virtual machines tend to hide the model behind a short name; family and model numbers then tell generations apart.
    private static string FindProcessorName()
    {
        const string LinuxFile = "/proc/cpuinfo";
        if (!File.Exists(LinuxFile))
            return Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? $"unknown {RuntimeInformation.ProcessArchitecture}";

        var facts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string line in File.ReadLines(LinuxFile))
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0) facts.TryAdd(line[..colon].Trim(), line[(colon + 1)..].Trim());
        }

        string name = facts.GetValueOrDefault("model name") ?? $"unknown {RuntimeInformation.ProcessArchitecture}";
        bool isVague = !name.Any(char.IsAsciiDigit);
        return isVague && facts.TryGetValue("cpu family", out string? family) && facts.TryGetValue("model", out string? model)
            ? $"{name} family {family} model {model}"
            : name;
    }

    private static string ToFolderName(string name)
    {
        string[] words = new string([.. name.Select(c => char.IsAsciiLetterOrDigit(c) || c == '.' ? char.ToLowerInvariant(c) : ' ')]).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Length == 0 ? "unknown" : string.Join('-', words);
    }
}

using System.Globalization;

namespace Steno.Benchmarks.Charts;

/// <summary>The stages of one report that <c>stages --results</c> wrote.</summary>
/// <param name="Title">What was measured: the report's first line, shortened.</param>
/// <param name="Stages">The stages that have a roof, in their order.</param>
internal sealed record StageTable(string Title, IReadOnlyList<StageTable.Stage> Stages)
{
    private static readonly string[] Shown = ["stem", "encoder", "prefill", "decode step"];

    /// <summary>Reads a report.</summary>
    /// <exception cref="BenchmarkException">It has no table of stages.</exception>
    public static StageTable Read(string path)
    {
        string[] lines = File.ReadAllLines(path);
        string? model = Array.Find(lines, line => line.StartsWith("Model ", StringComparison.Ordinal));
        Stage[] stages = [.. lines.Select(Parse).OfType<Stage>()];
        if (model is null || stages.Length != Shown.Length) throw new BenchmarkException($"{path}: this is no report of stages; expected one that 'stages --results' wrote.");
        return new StageTable($"{WeightsOf(path)}: {Shortened(model)}", stages);
    }

    // Model and bytes; recording and seconds; rows; steps; threads; kernels; passes
    private static string Shortened(string model)
    {
        string[] parts = model.Split("; ");
        return parts.Length < 5 ? model : string.Join("; ", parts[0], parts[1].Split(" s,")[0] + " s", parts[3], parts[4]);
    }

    // stages-0.6b-q8-jfk-Vector512-2threads
    private static string WeightsOf(string path) => Path.GetFileNameWithoutExtension(path).Split('-') is { Length: > 2 } parts ? parts[2] : Path.GetFileNameWithoutExtension(path);

    // | stage | ms | work | reached | roof | ms at the roof | share |
    private static Stage? Parse(string line)
    {
        string[] cells = [.. line.Split('|').Select(cell => cell.Trim())];
        return cells.Length == 9 && Shown.Contains(cells[1], StringComparer.Ordinal) && TryNumber(cells[2], out double ms) && TryNumber(cells[6], out double atRoof)
            ? new Stage(cells[1], ms, atRoof)
            : null;
    }

    private static bool TryNumber(string text, out double number) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number);

    /// <summary>One stage.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Milliseconds">How long it took.</param>
    /// <param name="AtRoof">How long it would take at the roof that bounds it.</param>
    public sealed record Stage(string Name, double Milliseconds, double AtRoof);
}

using System.Buffers;
using System.Text;
using System.Text.Json;
using Steno.Verification;

namespace Steno.Cli.Output;

/// <summary>What <c>steno verify</c> says, as a table and as JSON.</summary>
internal static class VerifyReport
{
    private const int MaxNameWidth = 48;
    private const int MaxCellWidth = 60;

    /// <summary>A row for each check; long values follow in full where a check failed.</summary>
    public static string Text(IReadOnlyList<VerificationCheck> checks)
    {
        string[][] rows =
        [
            ["", "check", "expected", "found", "tolerance"],
            .. checks.Select(check => new[] { check.IsOk ? "ok" : "FAILED", Cell(check.Name, MaxNameWidth), Cell(check.Expected, MaxCellWidth), Cell(check.Found, MaxCellWidth), check.Tolerance }),
        ];
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length))];
        var text = new StringBuilder();
        foreach (string[] row in rows)
            text.Append(string.Join("  ", row.Zip(widths, (cell, width) => cell.PadRight(width))).TrimEnd()).Append('\n');

        text.Append('\n');
        foreach (VerificationCheck check in checks.Where(check => !check.IsOk))
        {
            text.Append("FAILED ").Append(OneLine.Of(check.Name)).Append('\n');
            text.Append("  expected: ").Append(OneLine.Of(check.Expected)).Append('\n');
            text.Append("  found:    ").Append(OneLine.Of(check.Found)).Append('\n');
        }

        int failedCount = checks.Count(check => !check.IsOk);
        text.Append(failedCount == 0 ? $"All {checks.Count} checks passed.\n" : $"{failedCount} of {checks.Count} checks failed.\n");
        if (failedCount > 0 && checks.Any(check => check.Name == ModelVerifier.PublishedModelName))
            text.Append("A model that was fine-tuned, or made in the dimensions of a published one, is verified with --facts general.\n");
        return text.ToString();
    }

    public static byte[] Json(string model, IReadOnlyList<VerificationCheck> checks)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, TranscriptJsonWriter.Options))
        {
            json.WriteStartObject();
            json.WriteString("model", model);
            json.WriteBoolean("ok", checks.All(check => check.IsOk));
            json.WriteStartArray("checks");
            foreach (VerificationCheck check in checks)
            {
                json.WriteStartObject();
                json.WriteString("name", check.Name);
                json.WriteString("expected", check.Expected);
                json.WriteString("found", check.Found);
                json.WriteString("tolerance", check.Tolerance);
                json.WriteBoolean("ok", check.IsOk);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    private static string Cell(string value, int width)
    {
        string line = OneLine.Of(value);
        return line.Length <= width ? line : line[..(width - 3)] + "...";
    }
}

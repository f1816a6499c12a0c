using System.CommandLine.Parsing;
using System.Globalization;

namespace Steno.Cli.Commands;

/// <summary>Readers of option values, each with a message that says what is expected.</summary>
internal static class OptionParsers
{
    /// <summary>More threads than any one machine has processors: a typing error, not a wish.</summary>
    private const int ThreadLimit = 1024;

    /// <summary>More tracks than any file has.</summary>
    private const int TrackLimit = 1024;

    /// <summary>Ten years: beyond every recording.</summary>
    private const double LongestDurationSeconds = 10 * 365.0 * 24 * 3600;

    /// <summary>A thread count; 0, for every processor, when it is zero or negative.</summary>
    public static int ThreadCount(ArgumentResult result) =>
        TryReadInteger(result, out int count) && count <= ThreadLimit
            ? Math.Max(count, 0)
            : Fail<int>(result, $"a whole number up to {ThreadLimit} (0 for all processors)");

    public static int? TokenLimit(ArgumentResult result) =>
        TryReadInteger(result, out int count) && count >= 1
            ? count
            : Fail<int?>(result, $"a whole number from 1 to {int.MaxValue.ToString(CultureInfo.InvariantCulture)}");

    /// <summary>How many files a pull fetches at the same time.</summary>
    public static int? Parallelism(ArgumentResult result) =>
        TryReadInteger(result, out int count) && count is >= 1 and <= 16
            ? count
            : Fail<int?>(result, "a whole number from 1 to 16");

    /// <summary>A time that is not zero, up to a day.</summary>
    public static TimeSpan? Seconds(ArgumentResult result) =>
        double.TryParse(Value(result), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds) && seconds is >= 0.01 and <= 86_400
            ? TimeSpan.FromSeconds(seconds)
            : Fail<TimeSpan?>(result, "seconds from 0.01 to 86400");

    /// <summary>A reader of a decimal number within bounds.</summary>
    /// <param name="lowest">Smallest that is allowed.</param>
    /// <param name="highest">Largest that is allowed.</param>
    /// <param name="what">What the number is, for messages.</param>
    public static Func<ArgumentResult, double?> Number(double lowest, double highest, string what) => result =>
        double.TryParse(Value(result), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) && number >= lowest && number <= highest
            ? number
            : Fail<double?>(result, string.Create(CultureInfo.InvariantCulture, $"{what} from {lowest} to {highest}"));

    public static int AudioTrack(ArgumentResult result) =>
        TryReadInteger(result, out int number) && number is >= 1 and <= TrackLimit
            ? number
            : Fail<int>(result, $"a whole number from 1 to {TrackLimit}");

    /// <summary>A number of bytes above 0, with K, M, G or T behind it for powers of 1024.</summary>
    public static long ByteCount(ArgumentResult result)
    {
        string value = Value(result);
        int power = value.Length == 0 ? 0 : "KMGT".IndexOf(char.ToUpperInvariant(value[^1]), StringComparison.Ordinal) + 1;
        ReadOnlySpan<char> number = power == 0 ? value : value.AsSpan(0, value.Length - 1);
        return double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double count) && count * Math.Pow(1024, power) is >= 1 and <= long.MaxValue / 2 and var bytes
            ? (long)bytes
            : Fail<long>(result, "a number of bytes such as 500M, 2G or 1073741824");
    }

    /// <summary>A duration: seconds, or numbers with h, m and s behind them, in that order.</summary>
    public static TimeSpan Duration(ArgumentResult result)
    {
        string value = Value(result);
        return TryReadDuration(value, out double seconds) && seconds is > 0.001 and < LongestDurationSeconds
            ? TimeSpan.FromSeconds(seconds)
            : Fail<TimeSpan>(result, "a duration such as 1h30m, 90m, 2h or 45 (seconds)");
    }

    /// <summary>The model's spelling of a language; empty, to detect it, when the value is blank.</summary>
    public static string Language(ArgumentResult result)
    {
        string value = Value(result).Trim();
        if (value.Length == 0)
            return "";
        return SupportedLanguages.Names.FirstOrDefault(name => string.Equals(name, value, StringComparison.OrdinalIgnoreCase))
            ?? SupportedLanguages.NameOfCode(value)
            ?? Fail<string>(result, "one of " + string.Join(", ", SupportedLanguages.Names.Zip(SupportedLanguages.LanguageCodes, (name, code) => $"{name} ({code})")))!;
    }

    /// <summary>A reader of one word out of a few.</summary>
    public static Func<ArgumentResult, T> Choice<T>(params (string Word, T Meaning)[] choices) => result =>
    {
        string value = Value(result);
        foreach ((string word, T meaning) in choices)
        {
            if (string.Equals(word, value, StringComparison.OrdinalIgnoreCase))
                return meaning;
        }

        return Fail<T>(result, "one of " + string.Join(", ", choices.Select(choice => choice.Word)))!;
    };

    /// <summary>A reader of one or more of a few words, with commas between; a word that comes twice counts once.</summary>
    public static Func<ArgumentResult, IReadOnlyList<T>> Choices<T>(IReadOnlyList<(string Word, T Meaning)> choices) => result =>
    {
        var meanings = new List<T>();
        foreach (string value in Value(result).Split(',', StringSplitOptions.TrimEntries))
        {
            int index = choices.Select(choice => choice.Word).ToList().FindIndex(word => string.Equals(word, value, StringComparison.OrdinalIgnoreCase));
            if (index < 0)
                return Fail<IReadOnlyList<T>>(result, "one of " + string.Join(", ", choices.Select(choice => choice.Word)) + ", or several with commas between")!;
            if (!meanings.Contains(choices[index].Meaning)) meanings.Add(choices[index].Meaning);
        }

        return meanings;
    };

    private static bool TryReadDuration(ReadOnlySpan<char> value, out double seconds)
    {
        if (double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out seconds)) return true;
        seconds = 0;
        foreach ((char unit, int unitSeconds) in (ReadOnlySpan<(char, int)>)[('h', 3600), ('m', 60), ('s', 1)])
        {
            int end = value.IndexOf(unit);
            if (end < 0) continue;
            if (!double.TryParse(value[..end], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double count)) return false;
            seconds += count * unitSeconds;
            value = value[(end + 1)..];
        }

        return value.IsEmpty;
    }

    private static bool TryReadInteger(ArgumentResult result, out int number) =>
        int.TryParse(Value(result), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);

    private static string Value(ArgumentResult result) => result.Tokens[0].Value;

    private static T? Fail<T>(ArgumentResult result, string expected)
    {
        string option = result.Parent is OptionResult parent ? parent.Option.Name : result.Argument.Name;
        result.AddError($"{option} cannot be '{Value(result)}': expected {expected}");
        return default;
    }
}

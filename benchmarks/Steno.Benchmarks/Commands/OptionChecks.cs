using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Steno.Benchmarks.Commands;

/// <summary>Checks of option values.</summary>
internal static class OptionChecks
{
    public static void RequireRange(this Option<int> option, int minimum, int maximum = int.MaxValue) => option.Validators.Add((OptionResult result) =>
    {
        if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out int value) && (value < minimum || value > maximum))
            result.AddError(maximum == int.MaxValue ? $"{option.Name} must be at least {minimum}." : $"{option.Name} must be from {minimum} to {maximum}.");
    });
}

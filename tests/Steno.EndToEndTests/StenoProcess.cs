using System.Diagnostics;
using System.Text;

namespace Steno.EndToEndTests;

/// <summary>A run of the built <c>steno</c>, with all it wrote.</summary>
internal sealed class StenoProcess : IDisposable
{
    /// <summary>Far beyond any run of the built-in model: a process that takes longer hangs.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(120);

    private readonly Process _process;
    private readonly MemoryStream _output = new();
    private readonly StringBuilder _error = new();
    private readonly Task _outputPump;
    private readonly Task _errorPump;

    private StenoProcess(ProcessStartInfo start, bool closesOutput)
    {
        _process = Process.Start(start)!;
        if (closesOutput)
            _process.StandardOutput.Close();
        _outputPump = closesOutput ? Task.CompletedTask : _process.StandardOutput.BaseStream.CopyToAsync(_output);
        _errorPump = PumpErrorAsync();
    }

    public static string ExecutablePath { get; } =
        Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "steno.exe" : "steno");

    public Stream Input => _process.StandardInput.BaseStream;

    /// <summary>Runs to the end with an empty standard input.</summary>
    public static Task<StenoResult> RunAsync(params string[] arguments) => RunWithInputAsync(ReadOnlyMemory<byte>.Empty, arguments);

    /// <summary>Runs to the end with these bytes on standard input.</summary>
    public static async Task<StenoResult> RunWithInputAsync(ReadOnlyMemory<byte> input, params string[] arguments)
    {
        using StenoProcess process = Start(arguments);
        await process.WriteInputAsync(input);
        return await process.WaitAsync();
    }

    /// <summary>Runs to the end with an empty standard input and these environment variables.</summary>
    public static async Task<StenoResult> RunWithEnvironmentAsync(IEnumerable<(string Name, string? Value)> environment, params string[] arguments)
    {
        using StenoProcess process = Start(arguments, environment: environment);
        process.Input.Close();
        return await process.WaitAsync();
    }

    /// <summary>Starts with standard input left open.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="closesOutput">True to close the reading end of standard output at once.</param>
    /// <param name="environment">Variables to set, or to remove where the value is null.</param>
    public static StenoProcess Start(IEnumerable<string> arguments, bool closesOutput = false, IEnumerable<(string Name, string? Value)>? environment = null) =>
        Start(ExecutablePath, arguments, closesOutput, environment);

    /// <summary>Starts another program, which may start steno, with standard input left open.</summary>
    public static StenoProcess StartProgram(string program, IEnumerable<string> arguments, IEnumerable<(string Name, string? Value)>? environment = null) =>
        Start(program, arguments, closesOutput: false, environment);

    /// <summary>Runs a line of shell, in which <c>$STENO</c> is the executable.</summary>
    public static async Task<StenoResult> RunShellAsync(string script)
    {
        using StenoProcess process = Start("/bin/sh", ["-c", script], closesOutput: false);
        process.Input.Close();
        return await process.WaitAsync();
    }

    /// <summary>Writes all of the input and closes it; a process that stops reading ends the writing.</summary>
    public async Task WriteInputAsync(ReadOnlyMemory<byte> input)
    {
        try
        {
            await Input.WriteAsync(input);
            Input.Close();
        }
        catch (IOException)
        {
            // The process ended or closed its input: its exit code tells why.
        }
    }

    public async Task WaitForErrorTextAsync(string text)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            lock (_error)
            {
                if (_error.ToString().Contains(text, StringComparison.Ordinal))
                    return;
            }

            Assert.True(waited.Elapsed < Timeout && !_process.HasExited, $"'{text}' did not come; standard error holds: {_error}");
            await Task.Delay(10);
        }
    }

    /// <summary>Ends the process at once, as kill -9 does.</summary>
    public void Kill() => _process.Kill();

    public void Signal(string name)
    {
        using var kill = Process.Start("/bin/sh", ["-c", $"kill -{name} {_process.Id}"]);
        kill.WaitForExit();
    }

    public async Task<StenoResult> WaitAsync()
    {
        using var timeout = new CancellationTokenSource(Timeout);
        try
        {
            await Task.WhenAll(_process.WaitForExitAsync(timeout.Token), _outputPump.WaitAsync(timeout.Token), _errorPump.WaitAsync(timeout.Token));
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
            Assert.Fail($"steno did not end within {Timeout.TotalSeconds} s; standard error holds: {_error}");
        }

        return new StenoResult(_process.ExitCode, _output.ToArray(), _error.ToString());
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
        _output.Dispose();
    }

    private static StenoProcess Start(string executable, IEnumerable<string> arguments, bool closesOutput, IEnumerable<(string Name, string? Value)>? environment = null)
    {
        var start = new ProcessStartInfo(executable, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardErrorEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true),
            WorkingDirectory = Repository.Root,
        };
        start.Environment["STENO"] = ExecutablePath;
        start.Environment["LANG"] = "C";

        // No test may see the models of the user, nor a hub outside this machine.
        start.Environment["STENO_HOME"] = Path.Combine(AppContext.BaseDirectory, "no-models");
        start.Environment["HF_ENDPOINT"] = "http://127.0.0.1:1";
        foreach (string variable in new[] { "HF_TOKEN", "HF_HUB_OFFLINE" })
            start.Environment.Remove(variable);
        foreach ((string name, string? value) in environment ?? [])
            start.Environment[name] = value;
        return new StenoProcess(start, closesOutput);
    }

    private async Task PumpErrorAsync()
    {
        char[] buffer = new char[4096];
        int count;
        while ((count = await _process.StandardError.ReadAsync(buffer)) > 0)
        {
            lock (_error)
                _error.Append(buffer, 0, count);
        }
    }
}

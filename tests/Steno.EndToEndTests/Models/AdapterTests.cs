using System.Text.Json;
using Steno.Packagings;

namespace Steno.EndToEndTests.Models;

public sealed class AdapterTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private static string Tiny => Repository.PathOf("models", "tiny-asr");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Info_names_adapters_in_their_order()
    {
        string first = Write("z-first", new AdapterOptions { Seed = 1 });
        string second = Write("a-second", new AdapterOptions { Seed = 2 });

        string text = (await StenoProcess.RunAsync("info", "--model", Tiny, "--adapter", first, "--adapter", second)).AssertSuccess().Output;
        StenoResult json = (await StenoProcess.RunAsync("info", "--model", Tiny, "--adapter", first, "--adapter", second, "--json")).AssertSuccess();

        Assert.Equal([$"Adapter:    {first}", $"Adapter:    {second}"], text.Split('\n').Where(line => line.StartsWith("Adapter:", StringComparison.Ordinal)));
        Assert.Contains("stored as BF16 with adapter", text, StringComparison.Ordinal);
        using JsonDocument document = JsonDocument.Parse(json.OutputBytes);
        Assert.Equal([first, second], document.RootElement.GetProperty("model").GetProperty("adapters").EnumerateArray().Select(entry => entry.GetString()!));
    }

    [Fact]
    public async Task An_adapter_whose_B_is_zero_changes_no_byte()
    {
        string adapter = Write("zero", new AdapterOptions { IsZero = true });
        var sample = new Sample("english-2");

        StenoResult plain = (await StenoProcess.RunAsync("--model", Tiny, "--silent", sample.Path)).AssertSuccess();
        StenoResult adapted = (await StenoProcess.RunAsync("--model", Tiny, "--adapter", adapter, "--silent", sample.Path)).AssertSuccess();
        Assert.Equal(plain.Output, adapted.Output);

        (await StenoProcess.RunAsync("convert", Tiny, "-o", Out("plain.gguf"))).AssertSuccess();
        (await StenoProcess.RunAsync("convert", Tiny, "--adapter", adapter, "-o", Out("adapted.gguf"))).AssertSuccess();
        Assert.Equal(await File.ReadAllBytesAsync(Out("plain.gguf")), await File.ReadAllBytesAsync(Out("adapted.gguf")));
    }

    [Fact]
    public async Task A_model_with_an_adapter_says_what_the_merged_model_says()
    {
        string merged = Out("merged");
        string adapter = Out("adapter");
        AdapterWriter.Write(Tiny, adapter, new AdapterOptions { Magnitude = 2 }, merged);
        string recording = new Sample("english-2").Path;

        string expected = (await StenoProcess.RunAsync("--model", merged, "--weights", "f32", "--silent", recording)).AssertSuccess().Output;

        Assert.Equal(expected, (await StenoProcess.RunAsync("--model", Tiny, "--adapter", adapter, "--weights", "f32", "--silent", recording)).AssertSuccess().Output);
        Assert.NotEqual(expected, (await StenoProcess.RunAsync("--model", Tiny, "--weights", "f32", "--silent", recording)).AssertSuccess().Output);
    }

    [Fact]
    public async Task A_key_that_belongs_to_nothing_is_named()
    {
        string adapter = Write("adapter", new AdapterOptions { KeyOf = module => "base_model.model." + module.Replace("layers.3", "layers.33", StringComparison.Ordinal) });

        string line = (await StenoProcess.RunAsync("--model", Tiny, "--adapter", adapter, "--silent", new Sample("english-2").Path)).AssertFault(exitCode: 4);

        Assert.Contains(Path.Combine(adapter, "adapter_model.safetensors"), line, StringComparison.Ordinal);
        Assert.Contains("a tensor of the adapter belongs to none of the model", line, StringComparison.Ordinal);
        Assert.Matches(@"tensor base_model\.model\.thinker\.[a-z_.]+\.layers\.33\.", line);
    }

    [Theory]
    [InlineData("info", "--model", "MODEL")]
    [InlineData("verify", "MODEL")]
    [InlineData("convert", "MODEL", "-o", "OUT")]
    [InlineData("transcribe", "--model", "MODEL", "--silent", "AUDIO")]
    public async Task An_empty_folder_is_refused(params string[] arguments)
    {
        string adapter = Directory.CreateDirectory(Out("empty")).FullName;
        string[] line = [.. arguments.Select(argument => argument switch { "MODEL" => Tiny, "OUT" => Out("o.gguf"), "AUDIO" => new Sample("english-2").Path, _ => argument }), "--adapter", adapter];

        string fault = (await StenoProcess.RunAsync(line)).AssertFault(exitCode: 4);

        Assert.Contains($"{adapter}: the adapter is not whole", fault, StringComparison.Ordinal);
        Assert.False(File.Exists(Out("o.gguf")));
    }

    [Fact]
    public async Task Files_of_an_adapter_are_never_replaced()
    {
        string adapter = Write("adapter", new AdapterOptions());
        string weights = Path.Combine(adapter, "adapter_model.safetensors");
        byte[] bytes = await File.ReadAllBytesAsync(weights);

        (await StenoProcess.RunAsync("convert", Tiny, "--adapter", adapter, "-o", weights, "--force")).AssertFault(exitCode: 5);
        (await StenoProcess.RunAsync("--model", Tiny, "--adapter", adapter, "--silent", "-o", weights, new Sample("english-2").Path)).AssertFault(exitCode: 5);

        Assert.Equal(bytes, await File.ReadAllBytesAsync(weights));
    }

    [Fact]
    public async Task A_model_that_is_only_looked_at_has_no_adapter()
    {
        string adapter = Write("adapter", new AdapterOptions());

        Assert.Contains("--adapter goes with a model that is loaded", (await StenoProcess.RunAsync("info", Tiny, "--adapter", adapter)).AssertFault(exitCode: 2), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_adapter_named_as_a_model_says_what_it_is()
    {
        string adapter = Write("adapter", new AdapterOptions());

        foreach (string[] arguments in new[] { ["info", adapter], new[] { "--model", adapter, "--silent", new Sample("english-2").Path } })
            Assert.Contains("this is an adapter, which goes with a model: name the model, and this with --adapter", (await StenoProcess.RunAsync(arguments)).AssertFault(exitCode: 4), StringComparison.Ordinal);
    }

    private string Out(string name) => _directory.PathOf(name);

    private string Write(string name, AdapterOptions options)
    {
        AdapterWriter.Write(Tiny, Out(name), options, merged: null);
        return Out(name);
    }
}

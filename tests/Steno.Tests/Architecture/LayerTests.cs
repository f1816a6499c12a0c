namespace Steno.Tests.Architecture;

/// <summary>The built library keeps to the layers of docs/architecture.md.</summary>
public sealed class LayerTests(ITestOutputHelper output)
{
    private static readonly string LibraryPath = typeof(AsrModel).Assembly.Location;

    private static readonly IReadOnlyCollection<TypeUse> Uses = Scan(LibraryPath);

    [Fact]
    public void No_layer_uses_one_that_it_must_not()
    {
        TypeUse[] violations = [.. Layers.Violations(Uses, Layers.Allowed)];

        Assert.True(violations.Length == 0, "Uses against the layers of docs/architecture.md:\n" + string.Join('\n', violations));
    }

    [Fact]
    public void Every_namespace_of_the_library_is_a_layer_and_every_layer_exists()
    {
        string[] layers = [.. Uses.Select(use => Layers.LayerOf(use.User)).OfType<string>().Where(layer => layer.Length > 0).Distinct().Order(StringComparer.Ordinal)];

        Assert.Equal(Layers.Allowed.Keys.Order(StringComparer.Ordinal), layers);
    }

    [Fact]
    public void The_layers_form_no_circle()
    {
        var rest = new Dictionary<string, string[]>(Layers.Allowed, StringComparer.Ordinal);
        while (rest.Count > 0)
        {
            string lowest = rest.FirstOrDefault(layer => !layer.Value.Any(rest.ContainsKey)).Key;
            Assert.True(lowest is not null, "A circle among " + string.Join(", ", rest.Keys));
            rest.Remove(lowest);
        }
    }

    // Every pair of layers that the table allows and the library uses, taken out of the table, is found.
    [Fact]
    public void A_use_that_the_table_does_not_allow_is_found()
    {
        var edges = Uses
            .Select(use => (User: Layers.LayerOf(use.User), Used: Layers.LayerOf(use.Used), use))
            .Where(edge => !string.IsNullOrEmpty(edge.User) && !string.IsNullOrEmpty(edge.Used) && edge.User != edge.Used)
            .GroupBy(edge => (User: edge.User!, Used: edge.Used!))
            .ToDictionary(group => group.Key, group => group.Select(edge => edge.use).ToHashSet());
        Assert.Contains(("Engine", "Model"), edges.Keys);
        foreach (((string user, string used), HashSet<TypeUse> expected) in edges)
        {
            output.WriteLine($"{user} -> {used}: {expected.Count} uses");
            var table = new Dictionary<string, string[]>(Layers.Allowed, StringComparer.Ordinal) { [user] = [.. Layers.Allowed[user].Except([used])] };

            Assert.Equal(expected, Layers.Violations(Uses, table).ToHashSet());
        }
    }

    [Fact]
    public void The_root_namespace_is_out_of_reach_of_every_layer()
    {
        var user = new TypeName("Steno.Kernels", "Gemm");

        Assert.NotEmpty(Layers.Violations([new TypeUse(user, "Run", new TypeName("Steno", nameof(AsrModel)))], Layers.Allowed));
        Assert.NotEmpty(Layers.Violations([new TypeUse(new TypeName("Steno", nameof(ModelFormatException)), "Describe", user)], Layers.Allowed));
        Assert.Empty(Layers.Violations([new TypeUse(user, "Run", new TypeName("Steno", nameof(ModelFormatException)))], Layers.Allowed));
        Assert.Empty(Layers.Violations([new TypeUse(user, "Run", new TypeName("Steno", nameof(WeightPrecision)))], Layers.Allowed));
    }

    [Fact]
    public void The_library_depends_on_nothing_but_the_runtime()
    {
        string runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        using var scanner = new AssemblyScanner(LibraryPath);

        Assert.All(scanner.AssemblyReferences, name => Assert.True(File.Exists(Path.Combine(runtime, name + ".dll")), $"{name} is no part of the runtime"));
    }

    private static IReadOnlyCollection<TypeUse> Scan(string path)
    {
        using var scanner = new AssemblyScanner(path);
        return scanner.TypeUses();
    }
}

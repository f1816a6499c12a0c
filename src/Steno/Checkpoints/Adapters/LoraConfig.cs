using System.Text.Json;
using System.Text.RegularExpressions;
using Steno.Formats;

namespace Steno.Checkpoints.Adapters;

/// <summary>What the adapter_config.json of PEFT says: how strongly each product of an adapter counts.</summary>
internal sealed class LoraConfig
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "adapter_config.json";

    private const int MaxBytes = 1 << 20;
    private const int MaxRank = 1 << 14;
    private const int MaxPatternCount = 1024;
    private const int MaxPatternLength = 1024;

    // Initialisations that leave the weights of the model as they are. All others take from them what they put into the adapter.
    private static readonly string[] HarmlessInitialisations = ["nothing", "true", "false", "\"gaussian\"", "\"eva\"", "\"orthogonal\""];

    private static readonly (string Key, string Meaning)[] Switches =
    [
        ("use_dora", "DoRA, whose magnitudes are no sum of products"),
        ("lora_bias", "a bias beside its products"),
        ("use_qalora", "QALoRA, which pools its inputs"),
    ];

    private static readonly (string Key, string Meaning)[] Objects =
    [
        ("layer_replication", "repeated layers"),
        ("alora_invocation_tokens", "an adapter that begins in the middle of a text"),
        ("arrow_config", "a router between adapters"),
    ];

    private readonly int _rank;
    private readonly double _alpha;
    private readonly bool _isRankStabilised;
    private readonly List<(Regex Pattern, double Value)> _ranks;
    private readonly List<(Regex Pattern, double Value)> _alphas;

    private LoraConfig(ConfigObject root)
    {
        File = root.File;
        RequireLora(root);
        _rank = root.Integer("r", 1, MaxRank);
        _alpha = root.Number("lora_alpha", -1e6, 1e6);
        _isRankStabilised = root.OptionalBoolean("use_rslora") == true;
        _ranks = Patterns(root, "rank_pattern", (place, key) => place.Integer(key, 1, MaxRank));
        _alphas = Patterns(root, "alpha_pattern", (place, key) => place.Number(key, -1e6, 1e6));
    }

    /// <summary>Path of the file.</summary>
    public string File { get; }

    /// <summary>Reads the file of an adapter.</summary>
    /// <exception cref="ModelFormatException">The file is broken.</exception>
    /// <exception cref="UnsupportedModelException">The adapter is of another kind than products that are added.</exception>
    public static LoraConfig Read(string directory)
    {
        string path = Path.Combine(directory, FileName);
        using JsonDocument document = JsonFile.ReadObject(path, MaxBytes);
        return new LoraConfig(ConfigObject.Root(document, path));
    }

    /// <summary>The rank of a module's product, and what the product is multiplied by: alpha / rank, or alpha / √rank where it is stabilised.</summary>
    /// <param name="module">The module by the adapter's own name for it, without what PEFT puts before it.</param>
    public (int Rank, float Scale) Of(string module)
    {
        int rank = (int)Value(_ranks, module, _rank);
        double alpha = Value(_alphas, module, _alpha);
        return (rank, (float)(alpha / (_isRankStabilised ? Math.Sqrt(rank) : rank)));
    }

    private static double Value(List<(Regex Pattern, double Value)> patterns, string module, double otherwise)
    {
        foreach ((Regex pattern, double value) in patterns)
        {
            if (pattern.IsMatch(module)) return value;
        }

        return otherwise;
    }

    private static void RequireLora(ConfigObject root)
    {
        string? kind = root.OptionalText("peft_type");
        if (kind != "LORA") throw Unsupported(root, $"an adapter of the kind {MessageText.Excerpt(kind ?? "that it does not name")}");
        foreach ((string key, string meaning) in Switches)
        {
            if (root.OptionalBoolean(key) == true) throw Unsupported(root, $"{meaning} ({key})");
        }

        foreach ((string key, string meaning) in Objects)
        {
            if (root.Has(key)) throw Unsupported(root, $"{meaning} ({key})");
        }

        string initialisation = root.ValueText("init_lora_weights");
        if (!HarmlessInitialisations.Contains(initialisation))
            throw Unsupported(root, $"an adapter whose training began with changed weights of the model (init_lora_weights {initialisation}); convert it to a plain one with PEFT");
    }

    private static UnsupportedModelException Unsupported(ConfigObject root, string what) =>
        new($"{root.File}: this is {what}; Steno merges LoRA adapters whose products are added to the weights. Merge it with PEFT and name the merged model.");

    // A key is a regular expression for the end of a module's name, of whole parts: the first that fits counts. Without backtracking, so that no
    // expression takes long.
    private static List<(Regex Pattern, double Value)> Patterns(ConfigObject root, string key, Func<ConfigObject, string, double> read)
    {
        var patterns = new List<(Regex, double)>();
        if (root.OptionalObject(key) is not { } place) return patterns;
        foreach (string pattern in place.Keys)
        {
            if (patterns.Count == MaxPatternCount || pattern.Length > MaxPatternLength)
                throw root.Fault(key, "has too many patterns, or too long a one", $"at most {MaxPatternCount} of {MaxPatternLength} characters", $"{pattern.Length} characters");
            try
            {
                patterns.Add((new Regex($"^(.*\\.)?({pattern})$", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant), read(place, pattern)));
            }
            catch (Exception fault) when (fault is ArgumentException or NotSupportedException)
            {
                throw root.Fault(key, "has a pattern that cannot be used", "a name of a module, or a simple regular expression", MessageText.Excerpt(pattern));
            }
        }

        return patterns;
    }
}

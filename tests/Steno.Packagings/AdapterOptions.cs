using System.Text.Json.Nodes;

namespace Steno.Packagings;

/// <summary>What an adapter is.</summary>
internal sealed record AdapterOptions
{
    public int Rank { get; init; } = 8;

    public double Alpha { get; init; } = 16;

    public int Seed { get; init; } = 1;

    /// <summary>Size of the numbers in B: how much the adapter changes.</summary>
    public double Magnitude { get; init; } = 0.1;

    /// <summary>True for a B of zeros, as training begins with.</summary>
    public bool IsZero { get; init; }

    public bool IsRankStabilised { get; init; }

    /// <summary>Which matrices it has something for, by their original names.</summary>
    public Func<string, bool> IsAdapted { get; init; } = name => name.Contains("_proj.weight", StringComparison.Ordinal) || name.Contains(".fc", StringComparison.Ordinal);

    /// <summary>The adapter's name for a module, from the original one.</summary>
    public Func<string, string> KeyOf { get; init; } = module => "base_model.model." + module;

    /// <summary>Ranks of modules whose names end so.</summary>
    public IReadOnlyDictionary<string, int> RankPattern { get; init; } = new Dictionary<string, int>();

    /// <summary>Alphas of modules whose names end so.</summary>
    public IReadOnlyDictionary<string, double> AlphaPattern { get; init; } = new Dictionary<string, double>();

    /// <summary>Rank and alpha of a module.</summary>
    public (int Rank, double Alpha) StrengthOf(string module) => (
        RankPattern.FirstOrDefault(pattern => module.EndsWith(pattern.Key, StringComparison.Ordinal)) is { Value: > 0 } rank ? rank.Value : Rank,
        AlphaPattern.FirstOrDefault(pattern => module.EndsWith(pattern.Key, StringComparison.Ordinal)) is { Value: > 0 } alpha ? alpha.Value : Alpha);

    /// <summary>The adapter_config.json, with the keys that PEFT writes.</summary>
    public string Config()
    {
        var config = new JsonObject
        {
            ["peft_type"] = "LORA",
            ["base_model_name_or_path"] = "Qwen/Qwen3-ASR-0.6B",
            ["r"] = Rank,
            ["lora_alpha"] = Alpha,
            ["use_rslora"] = IsRankStabilised,
            ["use_dora"] = false,
            ["lora_bias"] = false,
            ["bias"] = "none",
            ["fan_in_fan_out"] = false,
            ["init_lora_weights"] = true,
            ["layer_replication"] = null,
            ["rank_pattern"] = new JsonObject(RankPattern.Select(pattern => KeyValuePair.Create(pattern.Key, (JsonNode?)pattern.Value))),
            ["alpha_pattern"] = new JsonObject(AlphaPattern.Select(pattern => KeyValuePair.Create(pattern.Key, (JsonNode?)pattern.Value))),
        };
        return config.ToJsonString();
    }
}

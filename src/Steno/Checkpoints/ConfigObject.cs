using System.Globalization;
using System.Text.Json;
using Steno.Formats;

namespace Steno.Checkpoints;

/// <summary>An object of a JSON configuration file; a value of the wrong type or out of bounds is a fault that names it in full.</summary>
internal readonly struct ConfigObject
{
    private readonly JsonElement _element;
    private readonly string _path;

    private ConfigObject(JsonElement element, string file, string path)
    {
        _element = element;
        File = file;
        _path = path;
    }

    /// <summary>Path of the file.</summary>
    public string File { get; }

    /// <summary>True where the object has no keys.</summary>
    public bool IsEmpty => !_element.EnumerateObject().MoveNext();

    /// <summary>The keys of the object, in the file's order; those with unpaired surrogates are faults.</summary>
    public IEnumerable<string> Keys
    {
        get
        {
            foreach (JsonProperty property in _element.EnumerateObject()) yield return Name(property);
        }
    }

    /// <summary>The outermost object of a file.</summary>
    public static ConfigObject Root(JsonDocument document, string file) => new(document.RootElement, file, string.Empty);

    /// <summary>A key of this object with all that leads to it, such as <c>thinker_config.audio_config.d_model</c>.</summary>
    public string FullName(string key) => _path + key;

    /// <summary>Whether the key is there with a value other than null.</summary>
    public bool Has(string key) => TryGet(key, out _);

    /// <summary>An object that must be there.</summary>
    public ConfigObject Object(string key) => OptionalObject(key) ?? throw Missing(key, "an object");

    /// <summary>An object, or null where the key is absent or null.</summary>
    public ConfigObject? OptionalObject(string key)
    {
        if (!TryGet(key, out JsonElement value)) return null;
        if (value.ValueKind != JsonValueKind.Object) throw Wrong(key, "an object", value);
        return new ConfigObject(value, File, $"{_path}{key}.");
    }

    /// <summary>A whole number that must be there.</summary>
    public int Integer(string key, int minimum, int maximum) =>
        OptionalInteger(key, minimum, maximum) ?? throw Missing(key, WholeNumber(minimum, maximum));

    /// <summary>A whole number that must be there under one name or the other; where both are there they must agree.</summary>
    public int Integer(string key, string otherKey, int minimum, int maximum)
    {
        int? value = OptionalInteger(key, minimum, maximum);
        int? otherValue = OptionalInteger(otherKey, minimum, maximum);
        if (value is not null && otherValue is not null && value != otherValue)
            throw Fault(key, $"contradicts {FullName(otherKey)}", $"{otherValue}", $"{value}");
        return value ?? otherValue ?? throw Missing(key, WholeNumber(minimum, maximum));
    }

    /// <summary>A whole number, or null where the key is absent or null.</summary>
    public int? OptionalInteger(string key, int minimum, int maximum)
    {
        if (!TryGet(key, out JsonElement value)) return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) && number >= minimum && number <= maximum
            ? number
            : throw Wrong(key, WholeNumber(minimum, maximum), value);
    }

    /// <summary>A number, or null where the key is absent or null.</summary>
    public double? OptionalNumber(string key, double minimum, double maximum)
    {
        if (!TryGet(key, out JsonElement value)) return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && number >= minimum && number <= maximum
            ? number
            : throw Wrong(key, Number(minimum, maximum), value);
    }

    /// <summary>A number that must be there.</summary>
    public double Number(string key, double minimum, double maximum) =>
        OptionalNumber(key, minimum, maximum) ?? throw Missing(key, Number(minimum, maximum));

    /// <summary>True or false, or null where the key is absent or null.</summary>
    public bool? OptionalBoolean(string key)
    {
        if (!TryGet(key, out JsonElement value)) return null;
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Wrong(key, "true or false", value);
    }

    /// <summary>A text, or null where the key is absent or null.</summary>
    public string? OptionalText(string key) => TryGet(key, out JsonElement value) ? Text(key, value) : null;

    /// <summary>A list of texts; empty where the key is absent or null.</summary>
    public IReadOnlyList<string> Texts(string key, int maxCount, int maxLength)
    {
        if (!TryGet(key, out JsonElement list)) return [];
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > maxCount)
            throw Wrong(key, $"a list of at most {maxCount} texts", list);
        var texts = new List<string>(list.GetArrayLength());
        foreach (JsonElement item in list.EnumerateArray())
        {
            string text = Text(key, item);
            if (text.Length == 0 || text.Length > maxLength) throw Wrong(key, $"texts of 1 to {maxLength} characters", item);
            texts.Add(text);
        }
        return texts;
    }

    /// <summary>A whole number or a list of whole numbers, or null where the key is absent or null.</summary>
    public IReadOnlyList<int>? OptionalIntegers(string key, int minimum, int maximum, int maxCount)
    {
        if (!TryGet(key, out JsonElement value)) return null;
        if (value.ValueKind != JsonValueKind.Array) return [OptionalInteger(key, minimum, maximum)!.Value];
        int count = value.GetArrayLength();
        if (count == 0 || count > maxCount) throw Wrong(key, $"1 to {maxCount} whole numbers", value);
        var numbers = new List<int>(count);
        foreach (JsonElement item in value.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetInt32(out int number) || number < minimum || number > maximum)
                throw Wrong(key, WholeNumber(minimum, maximum), item);
            if (!numbers.Contains(number)) numbers.Add(number);
        }
        return numbers;
    }

    /// <summary>The value of a key as it stands in the file, for messages.</summary>
    public string ValueText(string key) => TryGet(key, out JsonElement value) ? Describe(value) : "nothing";

    /// <summary>The exception that says what is wrong with a key.</summary>
    public ModelFormatException Fault(string key, string problem, string expected, string found) =>
        new($"{FullName(key)} {problem}", File, expected: expected, found: found);

    private static string WholeNumber(int minimum, int maximum) => $"a whole number from {minimum} to {maximum}";

    private static string Number(double minimum, double maximum) =>
        string.Create(CultureInfo.InvariantCulture, $"a number from {minimum:R} to {maximum:R}");

    private static string Describe(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => $"a list of {value.GetArrayLength()}",
        _ => MessageText.Excerpt(value.GetRawText()),
    };

    private bool TryGet(string key, out JsonElement value) =>
        _element.TryGetProperty(key, out value) && value.ValueKind != JsonValueKind.Null;

    private string Text(string key, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String) throw Wrong(key, "a text", value);
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Wrong(key, "a text without unpaired surrogates", value);
        }
    }

    private string Name(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException fault)
        {
            throw new ModelFormatException("a key has an unpaired surrogate", File, expected: "a text without unpaired surrogates", innerException: fault);
        }
    }

    private ModelFormatException Missing(string key, string expected) => Fault(key, "is missing", expected, "nothing");

    private ModelFormatException Wrong(string key, string expected, JsonElement value) =>
        Fault(key, "cannot be used", expected, Describe(value));
}

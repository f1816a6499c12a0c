namespace Steno;

/// <summary>Number format of the KV cache.</summary>
public enum CachePrecision
{
    /// <summary>Two bytes a value, rounded to nearest. The default.</summary>
    BFloat16,

    /// <summary>Four bytes a value: exact, twice the memory.</summary>
    Float32,
}

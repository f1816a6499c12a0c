namespace Steno.Packing;

/// <summary>Several tensors that become one.</summary>
internal static class TensorParts
{
    /// <summary>Their names, with plus signs between.</summary>
    public static string Joined(this ReadOnlySpan<(string Name, int Count)> parts)
    {
        string joined = parts[0].Name;
        foreach ((string name, _) in parts[1..]) joined += "+" + name;
        return joined;
    }

    /// <summary>Their rows or elements together.</summary>
    public static int Total(this ReadOnlySpan<(string Name, int Count)> parts)
    {
        int total = 0;
        foreach ((_, int count) in parts) total = checked(total + count);
        return total;
    }
}

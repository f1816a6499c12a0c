namespace Steno.Tests.Architecture.Fixtures;

/// <summary>A method for each way to allocate, and one that does not.</summary>
internal static class Allocating
{
    public static object Object() => new List<int>();

    public static int[] Array(int length) => new int[length];

    public static object Box(int value) => value;

    public static Func<int> Closure(int value) => () => value;

    public static TimeSpan Value(long ticks) => ticks < 0 ? throw new ArgumentOutOfRangeException(nameof(ticks)) : new TimeSpan(ticks);
}

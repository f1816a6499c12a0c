namespace Steno.Kernels;

/// <summary>The numbers of rows and of registers that kernels are compiled for.</summary>
internal static class Counts
{
    internal readonly struct One : ICount
    {
        public static int Value => 1;
    }

    internal readonly struct Two : ICount
    {
        public static int Value => 2;
    }

    internal readonly struct Three : ICount
    {
        public static int Value => 3;
    }

    internal readonly struct Four : ICount
    {
        public static int Value => 4;
    }

    internal readonly struct Six : ICount
    {
        public static int Value => 6;
    }

    internal readonly struct Eight : ICount
    {
        public static int Value => 8;
    }
}

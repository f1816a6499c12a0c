using System.Runtime.InteropServices;

namespace Steno.Tests.Kernels;

/// <summary>Memory between two pages that nobody may touch: an access one element beyond its edge kills the test run instead of passing unseen.</summary>
/// <remarks>
/// Only one edge can lie at a page's edge: the last, or, where the environment variable <see cref="EdgeVariable"/> is "first", the first one.
/// Between the other edge and its page lie bytes of a pattern that are looked at in the end, so that a write there is seen too.
/// </remarks>
internal sealed unsafe class GuardedBuffer<T> : IDisposable
    where T : unmanaged
{
    private const int ReadWrite = 3;
    private const int PrivateAnonymous = 0x22;
    private const byte Pattern = 0xC3;

    private readonly byte* _mapping;
    private readonly nuint _dataBytes;

    /// <summary>Allocates zeroed elements. Unguarded where the system is not Linux.</summary>
    public GuardedBuffer(int length)
    {
        Length = length;
        nuint bytes = (nuint)length * (nuint)sizeof(T);
        if (!OperatingSystem.IsLinux())
        {
            Pointer = (T*)NativeMemory.AllocZeroed(bytes + 1);
            return;
        }

        _dataBytes = (bytes + Page - 1) / Page * Page;
        nint mapping = PageProtection.Map(0, _dataBytes + (2 * Page), ReadWrite, PrivateAnonymous, -1, 0);
        if (mapping == -1) throw new InvalidOperationException("mmap failed.");
        _mapping = (byte*)mapping;
        if (PageProtection.Protect(mapping, Page, 0) != 0 || PageProtection.Protect((nint)(Data + _dataBytes), Page, 0) != 0) throw new InvalidOperationException("mprotect failed.");
        Pointer = (T*)(IsFirstEdgeGuarded ? Data : Data + (_dataBytes - bytes));
        Slack.Fill(Pattern);
    }

    /// <summary>Environment variable that says at which edge the protected page lies.</summary>
    public static string EdgeVariable => "STENO_TEST_GUARD";

    public T* Pointer { get; }

    public int Length { get; }

    public Span<T> Span => new(Pointer, Length);

    private static bool IsFirstEdgeGuarded { get; } = Environment.GetEnvironmentVariable(EdgeVariable) == "first";

    private static nuint Page { get; } = (nuint)Environment.SystemPageSize;

    private byte* Data => _mapping + Page;

    private Span<byte> Slack
    {
        get
        {
            nuint bytes = (nuint)Length * (nuint)sizeof(T);
            return new Span<byte>(IsFirstEdgeGuarded ? Data + bytes : Data, (int)(_dataBytes - bytes));
        }
    }

    /// <summary>Normally distributed values.</summary>
    public static GuardedBuffer<float> Random(int length, int seed, float scale = 1)
    {
        var buffer = new GuardedBuffer<float>(length);
        var random = new Random(seed);
        foreach (ref float value in buffer.Span)
            value = scale * (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        return buffer;
    }

    public void Dispose()
    {
        if (_mapping is null)
        {
            NativeMemory.Free(Pointer);
            return;
        }

        bool isIntact = Slack.IndexOfAnyExcept(Pattern) < 0;
        _ = PageProtection.Unmap((nint)_mapping, _dataBytes + (2 * Page));
        if (!isIntact) throw new InvalidOperationException($"Something wrote beyond the {(IsFirstEdgeGuarded ? "last" : "first")} element of a buffer.");
    }
}

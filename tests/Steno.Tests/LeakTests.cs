using System.Diagnostics;
using System.Globalization;

namespace Steno.Tests;

/// <summary>Memory, threads and open files after many calls that end in all the ways in which a call can end.</summary>
[Collection(AloneTests.Name)]
public sealed class LeakTests(ITestOutputHelper output)
{
    private const int WarmUpCount = 30;

    [Fact]
    public async Task Many_calls_leave_nothing_behind()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "counts open files in /proc");
        int count = int.Parse(Environment.GetEnvironmentVariable("STENO_CALL_COUNT") ?? "100", CultureInfo.InvariantCulture);
        using AsrModel model = AsrModel.Load(AsrModel.BuiltInName, new AsrModelOptions { ThreadCount = 2 });
        string[] names = [.. Samples.Names];
        string noAudio = Repository.PathOf("README.md");
        for (int i = 0; i < WarmUpCount; i++) await CallAsync(model, names[i % names.Length], noAudio, i);
        Usage before = Usage.Now();
        for (int i = 0; i < count; i++) await CallAsync(model, names[i % names.Length], noAudio, i);
        Usage after = Usage.Now();
        output.WriteLine($"{count} calls: {before} to {after}");

        Assert.InRange(after.Managed - before.Managed, long.MinValue, 500_000);

        // The runtime's own heap and compiled code grow by 16 MB within the first thousand calls, and not by a page in the next three.
        Assert.InRange(after.Resident - before.Resident, long.MinValue, 20_000_000);
        Assert.InRange(after.OpenFiles - before.OpenFiles, int.MinValue, 2);
        Assert.InRange(after.Threads - before.Threads, int.MinValue, 3);
    }

    // Of eight calls one is cancelled before it begins, one while it is under way, one fails, one is left by its reader, and the others end well.
    private static async Task CallAsync(AsrModel model, string name, string noAudio, int index)
    {
        using var source = new CancellationTokenSource();
        switch (index % 8)
        {
            case 1:
                await source.CancelAsync();
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => model.TranscribeAsync(Samples.AudioPath(name), cancellationToken: source.Token));
                break;
            case 3:
                source.CancelAfter(TimeSpan.FromMilliseconds(index % 30));
                try
                {
                    await model.TranscribeAsync(Samples.AudioPath(name), cancellationToken: source.Token);
                }
                catch (OperationCanceledException)
                {
                    // It may also have been done by then.
                }

                break;
            case 5:
                await Assert.ThrowsAnyAsync<AudioFormatException>(() => model.TranscribeAsync(noAudio));
                break;
            case 7:
                await foreach (string _ in model.Transcribe(Samples.AudioPath(name))) break;
                break;
            default:
                Assert.Equal(Samples.Text(name), (await model.TranscribeAsync(Samples.AudioPath(name))).Text);
                break;
        }
    }

    private readonly record struct Usage(long Managed, long Resident, int OpenFiles, int Threads)
    {
        public static Usage Now()
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            GC.Collect();
            using var process = Process.GetCurrentProcess();
            return new Usage(GC.GetTotalMemory(forceFullCollection: true), process.WorkingSet64, Directory.GetFileSystemEntries("/proc/self/fd").Length, process.Threads.Count);
        }
    }
}

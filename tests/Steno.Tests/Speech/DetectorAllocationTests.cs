using Steno.Speech;

namespace Steno.Tests.Speech;

/// <summary>Counts what the thread allocates.</summary>
public sealed class DetectorAllocationTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_frame_allocates_nothing(bool isSilero)
    {
        using IVoiceActivityDetector detector = isSilero ? new SileroDetector() : new EnergyDetector();
        var finder = new SpeechFinder(detector, new SpeechSettings());
        float[] samples = Samples.Read(Repository.PathOf("samples", "speech", "jfk.wav"));
        var spans = new List<SampleSpan>(100);
        finder.Push(samples.AsSpan(0, 30_000), spans);
        long before = GC.GetAllocatedBytesForCurrentThread();

        for (int at = 30_000; at < 150_000; at += 700) finder.Push(samples.AsSpan(at, 700), spans);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}

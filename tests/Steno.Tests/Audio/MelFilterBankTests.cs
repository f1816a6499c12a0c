using Steno.Audio;

namespace Steno.Tests.Audio;

/// <summary>Values of the published filters of 128 bins: Slaney scale and norm, 0 to 8000 Hz.</summary>
public sealed class MelFilterBankTests
{
    private static readonly MelFilterBank Filters = new(128);

    [Fact]
    public void Edges_are_equally_spaced_in_mel()
    {
        double[] edges = MelFilterBank.EdgesHz(128);

        Assert.Equal(130, edges.Length);
        double[] first = [0, 23.382760, 46.765520, 70.148280, 93.531040, 116.913800];
        double[] last = [7441.6996, 7623.3305, 7809.3946, 8000];
        for (int i = 0; i < first.Length; i++)
            Assert.Equal(first[i], edges[i], tolerance: 1e-6);
        for (int i = 0; i < last.Length; i++)
            Assert.Equal(last[i], edges[126 + i], tolerance: 1e-4);
    }

    [Fact]
    public void The_mel_scale_is_the_one_of_Slaney()
    {
        Assert.Equal(45.245640471924965, MelFilterBank.MelFromHz(8000), tolerance: 1e-13);
        Assert.Equal(15, MelFilterBank.MelFromHz(1000), tolerance: 1e-13);
        foreach (double hz in (double[])[0, 1, 440, 999.9, 1000, 4000, 8000])
            Assert.Equal(hz, MelFilterBank.HzFromMel(MelFilterBank.MelFromHz(hz)), tolerance: 1e-9);
    }

    [Fact]
    public void Single_weights_are_as_published()
    {
        Assert.Equal([0.0123739863f], Filters.Weights(0).ToArray(), Close);
        Assert.Equal(1, Filters.FirstBin(0));
        Assert.Equal([0.0303925649f], Filters.Weights(1).ToArray(), Close);
        Assert.Equal(1, Filters.FirstBin(1));
        Assert.Equal([0.0247479727f], Filters.Weights(2).ToArray(), Close);
        Assert.Equal(2, Filters.FirstBin(2));
        Assert.Equal(191, Filters.FirstBin(127));
        Assert.Equal(9, Filters.Weights(127).Length);
        Assert.Equal(0.0011142802f, Filters.Weights(127)[8], Close);

        static bool Close(float expected, float actual) => Math.Abs(expected - actual) < 1e-9f;
    }

    [Fact]
    public void Weights_lie_in_394_places_and_add_up_to_the_bin_spacing()
    {
        int count = 0;
        for (int filter = 0; filter < 128; filter++)
        {
            int length = Filters.Weights(filter).Length;
            Assert.InRange(length, 1, 9);
            Assert.InRange(Filters.FirstBin(filter) + length, 1, MelFilterBank.PowerBinCount);
            count += length;
        }

        Assert.Equal(394, count);
        Assert.Equal(0.0248, Sum(64), tolerance: 5e-5);
        Assert.Equal(0.0249, Sum(127), tolerance: 5e-5);

        static double Sum(int filter) => Filters.Weights(filter).ToArray().Sum(weight => (double)weight);
    }

    [Fact]
    public void A_filter_between_two_bins_is_empty()
    {
        var filters = new MelFilterBank(1000);

        Assert.Contains(0, Enumerable.Range(0, 1000).Select(filter => filters.Weights(filter).Length));
    }
}

using System.Numerics;
using Steno.Benchmarks.Growing;

namespace Steno.Benchmarks.Tests.Growing;

public sealed class ColumnSplitTests
{
    [Fact]
    public void Shares_are_powers_of_two_that_add_up_to_one()
    {
        for (int count = 1; count <= 64; count++)
        {
            float[] shares = ColumnSplit.Shares(count);

            Assert.Equal(count, shares.Length);
            Assert.Equal(1.0, shares.Sum(share => (double)share));
            Assert.All(shares, share => Assert.True(BitOperations.IsPow2((int)(1 / share))));
            Assert.InRange(shares.Max() / shares.Min(), 1, 2);
        }
    }

    [Fact]
    public void Seven_copies_have_one_share_of_a_quarter_and_six_of_an_eighth() =>
        Assert.Equal([0.25f, 0.125f, 0.125f, 0.125f, 0.125f, 0.125f, 0.125f], ColumnSplit.Shares(7));
}

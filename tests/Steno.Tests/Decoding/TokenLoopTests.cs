using Steno.Decoding;

namespace Steno.Tests.Decoding;

public sealed class TokenLoopTests
{
    [Fact]
    public void Every_period_needs_its_copies()
    {
        for (int period = 1; period <= 32; period++)
        {
            int copies = period <= 2 ? 6 : period <= 8 ? 4 : 3;
            int[] piece = [.. Enumerable.Range(100, period)];
            int[] loop = [1, 2, 3, .. Enumerable.Repeat(piece, copies).SelectMany(ids => ids)];

            Assert.Equal(new TokenLoop(period, copies), TokenLoop.Find(loop));
            Assert.Null(TokenLoop.Find(loop.AsSpan(0, loop.Length - 1)));
            Assert.Null(TokenLoop.Find([.. loop, 5]));
        }
    }

    [Fact]
    public void A_longer_piece_is_no_loop() =>
        Assert.Null(TokenLoop.Find([.. Enumerable.Repeat(Enumerable.Range(0, 33), 5).SelectMany(ids => ids)]));

    [Fact]
    public void All_copies_count()
    {
        Assert.Equal(new TokenLoop(1, 50), TokenLoop.Find([.. Enumerable.Repeat(3, 50)]));
        Assert.Equal(new TokenLoop(3, 7), TokenLoop.Find([9, .. Enumerable.Repeat(new[] { 1, 2, 3 }, 7).SelectMany(ids => ids)]));
    }

    [Fact]
    public void Nothing_is_no_loop() => Assert.Null(TokenLoop.Find([]));
}

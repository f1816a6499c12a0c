using System.Runtime.Intrinsics;
using Steno.Kernels;

namespace Steno.Tests.Kernels;

public sealed unsafe class HalfLanesTests
{
    [Fact]
    public void Every_finite_f16_becomes_the_f32_of_the_same_value_in_all_widths()
    {
        Half* source = stackalloc Half[16];
        for (int first = 0; first < 1 << 16; first += 16)
        {
            for (int i = 0; i < 16; i++) source[i] = BitConverter.UInt16BitsToHalf((ushort)(first + i));
            if (!Half.IsFinite(source[0])) continue;
            Vector512<float> expected = Vector512.Create([.. Enumerable.Range(0, 16).Select(i => (float)BitConverter.UInt16BitsToHalf((ushort)(first + i)))]);
            Assert.Equal(expected.AsUInt32(), Lanes512.Load(source).AsUInt32());
            for (int i = 0; i < 16; i += 8) Assert.Equal((i == 0 ? expected.GetLower() : expected.GetUpper()).AsUInt32(), Lanes256.Load(source + i).AsUInt32());
            for (int i = 0; i < 16; i++) Assert.Equal(expected[i], Lanes128.Load(source + (i & ~3))[i % 4]);
        }
    }
}

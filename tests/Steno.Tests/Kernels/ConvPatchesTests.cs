using Steno.Kernels;

namespace Steno.Tests.Kernels;

public sealed unsafe class ConvPatchesTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(4, 6, 1)]
    [InlineData(5, 7, 3)]
    [InlineData(13, 16, 2)]
    public void Patches_hold_the_neighbours_of_every_output_and_zeros_outside(int timeCount, int frequencyCount, int channelCount)
    {
        const int ImageCount = 2;
        using var images = GuardedBuffer<float>.Random(ImageCount * timeCount * frequencyCount * channelCount, seed: 5);
        int times = (timeCount + 1) / 2;
        int frequencies = (frequencyCount + 1) / 2;
        int outputCount = ImageCount * times * frequencies;
        using var patches = new GuardedBuffer<float>(outputCount * 9 * channelCount);
        int half = outputCount / 2;
        ConvPatches.Fill(images.Pointer, timeCount, frequencyCount, channelCount, 0, half, patches.Pointer);
        ConvPatches.Fill(images.Pointer, timeCount, frequencyCount, channelCount, half, outputCount - half, patches.Pointer + (half * 9 * channelCount));

        for (int i = 0; i < patches.Length; i++)
        {
            int channel = i % channelCount;
            int kernel = i / channelCount % 9;
            int output = i / (9 * channelCount);
            int f = (2 * (output % frequencies)) - 1 + (kernel % 3);
            int t = (2 * (output / frequencies % times)) - 1 + (kernel / 3);
            int image = output / (frequencies * times);
            bool isInside = t >= 0 && t < timeCount && f >= 0 && f < frequencyCount;
            float expected = isInside ? images.Span[(((((image * timeCount) + t) * frequencyCount) + f) * channelCount) + channel] : 0;
            Assert.Equal(expected, patches.Span[i]);
        }
    }
}

namespace Steno.Kernels;

/// <summary>Unrolls a 3x3 convolution of stride 2 and padding 1 into rows for a <see cref="Gemm"/> (im2col).</summary>
/// <remarks>
/// An image is stored [time, frequency, channel]. Output (t, f) sees inputs (2t-1..2t+1, 2f-1..2f+1); its patch is a row of
/// 9 * channels values in the order [kernel time, kernel frequency, channel], so each of the nine is one contiguous copy.
/// </remarks>
internal static unsafe class ConvPatches
{
    /// <summary>Output length of a dimension: ceil(length / 2).</summary>
    public static int OutputLength(int length) => (length + 1) / 2;

    /// <summary>Writes the patches of consecutive outputs of a stack of images.</summary>
    /// <param name="images">[image, time, frequency, channel].</param>
    /// <param name="timeCount">Time steps of an image.</param>
    /// <param name="frequencyCount">Frequencies of an image.</param>
    /// <param name="channelCount">Channels.</param>
    /// <param name="firstOutput">Index of the first output in [image, output time, output frequency] order.</param>
    /// <param name="outputCount">Number of outputs.</param>
    /// <param name="patches">[outputCount, 9 * channelCount].</param>
    public static void Fill(float* images, int timeCount, int frequencyCount, int channelCount, long firstOutput, int outputCount, float* patches)
    {
        int outputFrequencies = OutputLength(frequencyCount);
        int outputTimes = OutputLength(timeCount);
        for (long output = firstOutput; output < firstOutput + outputCount; output++)
        {
            int frequency = (2 * (int)(output % outputFrequencies)) - 1;
            long outputTime = output / outputFrequencies;
            int time = (2 * (int)(outputTime % outputTimes)) - 1;
            float* image = images + (outputTime / outputTimes * timeCount * frequencyCount * channelCount);
            for (int i = 0; i < 9; i++, patches += channelCount)
            {
                int t = time + (i / 3);
                int f = frequency + (i % 3);
                var patch = new Span<float>(patches, channelCount);
                if ((uint)t < (uint)timeCount && (uint)f < (uint)frequencyCount)
                    new ReadOnlySpan<float>(image + ((((long)t * frequencyCount) + f) * channelCount), channelCount).CopyTo(patch);
                else
                    patch.Clear();
            }
        }
    }
}

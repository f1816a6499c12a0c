namespace Steno.Kernels;

internal static unsafe partial class DotKernel
{
    // Pairs of 16-bit numbers in a row of a block, two for each group.
    private const int RowWords = 2 * GroupCount;

    // Without a dot instruction for bytes: the codes of a group become two registers of 16-bit pairs, columns 0 and 2 and columns 1 and 3, and an
    // instruction that multiplies pairs and adds each pair does the rest. The activations are stored that way (QuantizedRows).
    private static void Words<TFormat, TWords, TInts, TLanes, TVector>(byte* tile, int height, byte* panel, int blockCount, float* sums)
        where TFormat : struct, IPanelFormat
        where TWords : struct, IWordLanes<TInts, TVector>
        where TInts : struct
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        int blockBytes = height * ((GroupCount * 8) + sizeof(float) + sizeof(int));
        for (int b = 0; b < blockCount; b++, tile += blockBytes)
        {
            byte* block = TFormat.Block(panel, b);
            float* factors = (float*)(tile + (GroupCount * height * 8));
            for (int output = 0; output < PanelWidth; output += TLanes.Count)
            {
                TVector scales = TFormat.Scales<TLanes, TVector>(panel, b, output);
                TVector minimums = TFormat.HasMinimums ? TFormat.Minimums<TLanes, TVector>(panel, b, output) : default;
                if (height == 1) WordRow<TFormat, TWords, TInts, TLanes, TVector>(tile, block, output, scales, minimums, factors, sums + output);
                else WordRows<TFormat, TWords, TInts, TLanes, TVector>(tile, block, output, scales, minimums, factors, sums + output);
            }
        }
    }

    private static void WordRows<TFormat, TWords, TInts, TLanes, TVector>(byte* tile, byte* block, int output, TVector scales, TVector minimums, float* factors, float* sums)
        where TFormat : struct, IPanelFormat
        where TWords : struct, IWordLanes<TInts, TVector>
        where TInts : struct
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        int* corrections = (int*)factors + Height;
        TInts dot0 = TWords.Broadcast(Start<TFormat>(corrections[0])), dot1 = TWords.Broadcast(Start<TFormat>(corrections[1]));
        TInts dot2 = TWords.Broadcast(Start<TFormat>(corrections[2])), dot3 = TWords.Broadcast(Start<TFormat>(corrections[3]));
        TInts dot4 = TWords.Broadcast(Start<TFormat>(corrections[4])), dot5 = TWords.Broadcast(Start<TFormat>(corrections[5]));
        for (int group = 0; group < GroupCount; group++)
        {
            TInts codes = TWords.Codes<TFormat>(block, group, output);
            TInts even = TWords.EvenColumns(codes), odd = TWords.OddColumns(codes);
            int* x = (int*)tile + (group * 2);
            dot0 = TWords.MultiplyAdd(odd, TWords.Broadcast(x[1]), TWords.MultiplyAdd(even, TWords.Broadcast(x[0]), dot0));
            dot1 = TWords.MultiplyAdd(odd, TWords.Broadcast(x[RowWords + 1]), TWords.MultiplyAdd(even, TWords.Broadcast(x[RowWords]), dot1));
            dot2 = TWords.MultiplyAdd(odd, TWords.Broadcast(x[(2 * RowWords) + 1]), TWords.MultiplyAdd(even, TWords.Broadcast(x[2 * RowWords]), dot2));
            dot3 = TWords.MultiplyAdd(odd, TWords.Broadcast(x[(3 * RowWords) + 1]), TWords.MultiplyAdd(even, TWords.Broadcast(x[3 * RowWords]), dot3));
            dot4 = TWords.MultiplyAdd(odd, TWords.Broadcast(x[(4 * RowWords) + 1]), TWords.MultiplyAdd(even, TWords.Broadcast(x[4 * RowWords]), dot4));
            dot5 = TWords.MultiplyAdd(odd, TWords.Broadcast(x[(5 * RowWords) + 1]), TWords.MultiplyAdd(even, TWords.Broadcast(x[5 * RowWords]), dot5));
        }

        Add<TFormat, TLanes, TVector>(TWords.ToFloats(dot0), scales, minimums, factors, Height, sums);
        Add<TFormat, TLanes, TVector>(TWords.ToFloats(dot1), scales, minimums, factors + 1, Height, sums + PanelWidth);
        Add<TFormat, TLanes, TVector>(TWords.ToFloats(dot2), scales, minimums, factors + 2, Height, sums + (2 * PanelWidth));
        Add<TFormat, TLanes, TVector>(TWords.ToFloats(dot3), scales, minimums, factors + 3, Height, sums + (3 * PanelWidth));
        Add<TFormat, TLanes, TVector>(TWords.ToFloats(dot4), scales, minimums, factors + 4, Height, sums + (4 * PanelWidth));
        Add<TFormat, TLanes, TVector>(TWords.ToFloats(dot5), scales, minimums, factors + 5, Height, sums + (5 * PanelWidth));
    }

    private static void WordRow<TFormat, TWords, TInts, TLanes, TVector>(byte* tile, byte* block, int output, TVector scales, TVector minimums, float* factor, float* sums)
        where TFormat : struct, IPanelFormat
        where TWords : struct, IWordLanes<TInts, TVector>
        where TInts : struct
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        TInts dot = TWords.Broadcast(Start<TFormat>(((int*)factor)[1]));
        for (int group = 0; group < GroupCount; group++)
        {
            TInts codes = TWords.Codes<TFormat>(block, group, output);
            int* x = (int*)tile + (group * 2);
            dot = TWords.MultiplyAdd(TWords.OddColumns(codes), TWords.Broadcast(x[1]), TWords.MultiplyAdd(TWords.EvenColumns(codes), TWords.Broadcast(x[0]), dot));
        }

        Add<TFormat, TLanes, TVector>(TWords.ToFloats(dot), scales, minimums, factor, 1, sums);
    }
}

using System.Runtime.CompilerServices;

namespace Steno.Kernels;

internal static unsafe partial class DotKernel
{
    // One source for every height and every way to multiply: what belongs to rows that the height does not have is left out when it is compiled.
#pragma warning disable MA0051 // C# has no arrays of registers, so each is written out.
    private static void Tile<TFormat, TDot, TInts, TLanes, TVector, THeight>(byte* tile, byte* panel, int blockCount, float* wideScales, float* sums, PanelPrefetch prefetch)
        where TFormat : struct, IPanelFormat
        where TDot : struct, IDotLanes<TInts, TVector>
        where TInts : struct
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
        where THeight : struct, ICount
    {
        int codeBytes = THeight.Value * QuadCount * TDot.QuadBytes;
        int tileBlockBytes = codeBytes + (THeight.Value * (sizeof(float) + sizeof(int)));
        int outputStep = TDot.OutputCount;
        long blockBytes = TFormat.PanelBytes(1);
        int nextPrefetch = prefetch.FirstBlock;
        for (int b = 0; b < blockCount; b++, tile += tileBlockBytes)
        {
            byte* block = TFormat.Block(panel, b);
            if (b == nextPrefetch)
            {
                Prefetcher.Ask(block + prefetch.Distance, blockBytes);
                nextPrefetch += prefetch.BlockStep;
            }

            float* factors = (float*)(tile + codeBytes);
            int* corrections = (int*)factors + THeight.Value;
            for (int output = 0; output < PanelWidth; output += outputStep)
            {
                Start<TFormat, TDot, TInts, TLanes, TVector, THeight>(corrections, 0, out TInts low0, out TInts high0);
                Start<TFormat, TDot, TInts, TLanes, TVector, THeight>(corrections, 1, out TInts low1, out TInts high1);
                Start<TFormat, TDot, TInts, TLanes, TVector, THeight>(corrections, 2, out TInts low2, out TInts high2);
                Start<TFormat, TDot, TInts, TLanes, TVector, THeight>(corrections, 3, out TInts low3, out TInts high3);
                Start<TFormat, TDot, TInts, TLanes, TVector, THeight>(corrections, 4, out TInts low4, out TInts high4);
                Start<TFormat, TDot, TInts, TLanes, TVector, THeight>(corrections, 5, out TInts low5, out TInts high5);
                Start<TFormat, TDot, TInts, TLanes, TVector, THeight>(corrections, 6, out TInts low6, out TInts high6);
                Start<TFormat, TDot, TInts, TLanes, TVector, THeight>(corrections, 7, out TInts low7, out TInts high7);
                byte* x = tile;
                for (int quad = 0; quad < QuadCount; quad += 2, x += 2 * TDot.QuadBytes)
                {
                    TDot.Codes<TFormat>(block, quad, 0, output, out TInts w0, out TInts w1, out TInts w2, out TInts w3);
                    Step<TFormat, TDot, TInts, TLanes, TVector, THeight>(w0, w1, w2, w3, x, ref low0, ref high0, ref low1, ref high1, ref low2, ref high2, ref low3, ref high3, ref low4, ref high4, ref low5, ref high5, ref low6, ref high6, ref low7, ref high7);
                    TDot.Codes<TFormat>(block, quad, 1, output, out w0, out w1, out w2, out w3);
                    Step<TFormat, TDot, TInts, TLanes, TVector, THeight>(w0, w1, w2, w3, x + TDot.QuadBytes, ref low0, ref high0, ref low1, ref high1, ref low2, ref high2, ref low3, ref high3, ref low4, ref high4, ref low5, ref high5, ref low6, ref high6, ref low7, ref high7);
                }

                bool hasHigh = TLanes.Count < outputStep;
                TVector scales = Scales<TFormat, TLanes, TVector>(panel, b, output, wideScales);
                TVector minimums = TFormat.HasMinimums ? Minimums<TFormat, TLanes, TVector>(panel, b, output, wideScales) : default;
                TVector highScales = hasHigh ? Scales<TFormat, TLanes, TVector>(panel, b, output + TLanes.Count, wideScales) : default;
                TVector highMinimums = hasHigh && TFormat.HasMinimums ? Minimums<TFormat, TLanes, TVector>(panel, b, output + TLanes.Count, wideScales) : default;
                float* target = sums + output;
                TDot.Finish<TFormat>(low0, high0, scales, highScales, minimums, highMinimums, factors, THeight.Value, target);
                if (THeight.Value > 1) TDot.Finish<TFormat>(low1, high1, scales, highScales, minimums, highMinimums, factors + 1, THeight.Value, target + (1 * PanelWidth));
                if (THeight.Value > 2) TDot.Finish<TFormat>(low2, high2, scales, highScales, minimums, highMinimums, factors + 2, THeight.Value, target + (2 * PanelWidth));
                if (THeight.Value > 3) TDot.Finish<TFormat>(low3, high3, scales, highScales, minimums, highMinimums, factors + 3, THeight.Value, target + (3 * PanelWidth));
                if (THeight.Value > 4) TDot.Finish<TFormat>(low4, high4, scales, highScales, minimums, highMinimums, factors + 4, THeight.Value, target + (4 * PanelWidth));
                if (THeight.Value > 5) TDot.Finish<TFormat>(low5, high5, scales, highScales, minimums, highMinimums, factors + 5, THeight.Value, target + (5 * PanelWidth));
                if (THeight.Value > 6) TDot.Finish<TFormat>(low6, high6, scales, highScales, minimums, highMinimums, factors + 6, THeight.Value, target + (6 * PanelWidth));
                if (THeight.Value > 7) TDot.Finish<TFormat>(low7, high7, scales, highScales, minimums, highMinimums, factors + 7, THeight.Value, target + (7 * PanelWidth));
            }
        }
    }
#pragma warning restore MA0051

    // All rows of a tile meet the codes of a quad.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step<TFormat, TDot, TInts, TLanes, TVector, THeight>(
        TInts w0,
        TInts w1,
        TInts w2,
        TInts w3,
        byte* x,
        ref TInts low0,
        ref TInts high0,
        ref TInts low1,
        ref TInts high1,
        ref TInts low2,
        ref TInts high2,
        ref TInts low3,
        ref TInts high3,
        ref TInts low4,
        ref TInts high4,
        ref TInts low5,
        ref TInts high5,
        ref TInts low6,
        ref TInts high6,
        ref TInts low7,
        ref TInts high7)
        where TFormat : struct, IPanelFormat
        where TDot : struct, IDotLanes<TInts, TVector>
        where TInts : struct
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
        where THeight : struct, ICount
    {
        int rowBytes = QuadCount * TDot.QuadBytes;
        TDot.Step(w0, w1, w2, w3, x, ref low0, ref high0);
        if (THeight.Value > 1) TDot.Step(w0, w1, w2, w3, x + rowBytes, ref low1, ref high1);
        if (THeight.Value > 2) TDot.Step(w0, w1, w2, w3, x + (2 * rowBytes), ref low2, ref high2);
        if (THeight.Value > 3) TDot.Step(w0, w1, w2, w3, x + (3 * rowBytes), ref low3, ref high3);
        if (THeight.Value > 4) TDot.Step(w0, w1, w2, w3, x + (4 * rowBytes), ref low4, ref high4);
        if (THeight.Value > 5) TDot.Step(w0, w1, w2, w3, x + (5 * rowBytes), ref low5, ref high5);
        if (THeight.Value > 6) TDot.Step(w0, w1, w2, w3, x + (6 * rowBytes), ref low6, ref high6);
        if (THeight.Value > 7) TDot.Step(w0, w1, w2, w3, x + (7 * rowBytes), ref low7, ref high7);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Scales<TFormat, TLanes, TVector>(byte* panel, int block, int output, float* wideScales)
        where TFormat : struct, IPanelFormat
        where TLanes : struct, ILanes<TVector>
        where TVector : struct =>
        wideScales is null ? TFormat.Scales<TLanes, TVector>(panel, block, output) : TLanes.Load(wideScales + (block * ScaleStep(TFormat.HasMinimums)) + output);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Minimums<TFormat, TLanes, TVector>(byte* panel, int block, int output, float* wideScales)
        where TFormat : struct, IPanelFormat
        where TLanes : struct, ILanes<TVector>
        where TVector : struct =>
        wideScales is null ? TFormat.Minimums<TLanes, TVector>(panel, block, output) : TLanes.Load(wideScales + (block * ScaleStep(true)) + PanelWidth + output);

    // Where the format has minimums, the correction belongs to them.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Start<TFormat, TDot, TInts, TLanes, TVector, THeight>(int* corrections, int row, out TInts low, out TInts high)
        where TFormat : struct, IPanelFormat
        where TDot : struct, IDotLanes<TInts, TVector>
        where TInts : struct
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
        where THeight : struct, ICount
    {
        if (row < THeight.Value) TDot.Start(TFormat.HasMinimums ? 0 : corrections[row], out low, out high);
        else low = high = default;
    }
}

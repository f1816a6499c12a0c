using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Steno.Kernels;

internal static unsafe partial class DotKernel
{
    private const int Height = QuantizedRows.Height;

    // A single row reads its weights from memory. The processor's own prefetchers stop at the end of a 4 KB page and start anew in the next; asking two
    // pages ahead keeps memory busy. What lies behind the last panel is asked for in vain.
    private const int PrefetchDistance = 8192;

    // AVX-VNNI adds to each 32-bit lane four products of an unsigned with a signed byte. Its encoding reaches 16 registers: 6 rows by 16 outputs
    // are 12 sums, with 2 registers of weights and 1 of activations 15. Each group of columns costs 2 loads of weights and 6
    // broadcasts for 12 dot products. 12 independent chains cover a latency of 4 cycles at two of them a cycle.
    private static void VnniRows<TFormat, TLanes, TVector>(byte* tile, byte* panel, int blockCount, float* sums)
        where TFormat : struct, IPanelFormat
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        for (int b = 0; b < blockCount; b++)
        {
            byte* block = TFormat.Block(panel, b);
            float* factors = (float*)(tile + (GroupCount * Height * 4));
            int* corrections = (int*)(factors + Height);
            Vector256<int> low0 = StartAt<TFormat>(corrections), low1 = StartAt<TFormat>(corrections + 1), low2 = StartAt<TFormat>(corrections + 2);
            Vector256<int> low3 = StartAt<TFormat>(corrections + 3), low4 = StartAt<TFormat>(corrections + 4), low5 = StartAt<TFormat>(corrections + 5);
            Vector256<int> high0 = low0, high1 = low1, high2 = low2, high3 = low3, high4 = low4, high5 = low5;
            Group<TFormat>(block, tile, 0, ref low0, ref high0, ref low1, ref high1, ref low2, ref high2, ref low3, ref high3, ref low4, ref high4, ref low5, ref high5);
            Group<TFormat>(block, tile, 1, ref low0, ref high0, ref low1, ref high1, ref low2, ref high2, ref low3, ref high3, ref low4, ref high4, ref low5, ref high5);
            Group<TFormat>(block, tile, 2, ref low0, ref high0, ref low1, ref high1, ref low2, ref high2, ref low3, ref high3, ref low4, ref high4, ref low5, ref high5);
            Group<TFormat>(block, tile, 3, ref low0, ref high0, ref low1, ref high1, ref low2, ref high2, ref low3, ref high3, ref low4, ref high4, ref low5, ref high5);
            Group<TFormat>(block, tile, 4, ref low0, ref high0, ref low1, ref high1, ref low2, ref high2, ref low3, ref high3, ref low4, ref high4, ref low5, ref high5);
            Group<TFormat>(block, tile, 5, ref low0, ref high0, ref low1, ref high1, ref low2, ref high2, ref low3, ref high3, ref low4, ref high4, ref low5, ref high5);
            Group<TFormat>(block, tile, 6, ref low0, ref high0, ref low1, ref high1, ref low2, ref high2, ref low3, ref high3, ref low4, ref high4, ref low5, ref high5);
            Group<TFormat>(block, tile, 7, ref low0, ref high0, ref low1, ref high1, ref low2, ref high2, ref low3, ref high3, ref low4, ref high4, ref low5, ref high5);
            tile += QuantizedRows.BlockBytes(Height, KernelPath.Vector512);

            var levels = Levels<TLanes, TVector>.Of<TFormat>(panel, b);
            Add<TFormat, TLanes, TVector>(low0, high0, levels, factors, Height, sums);
            Add<TFormat, TLanes, TVector>(low1, high1, levels, factors + 1, Height, sums + PanelWidth);
            Add<TFormat, TLanes, TVector>(low2, high2, levels, factors + 2, Height, sums + (2 * PanelWidth));
            Add<TFormat, TLanes, TVector>(low3, high3, levels, factors + 3, Height, sums + (3 * PanelWidth));
            Add<TFormat, TLanes, TVector>(low4, high4, levels, factors + 4, Height, sums + (4 * PanelWidth));
            Add<TFormat, TLanes, TVector>(low5, high5, levels, factors + 5, Height, sums + (5 * PanelWidth));
        }
    }

    private static void VnniRow<TFormat, TLanes, TVector>(byte* tile, byte* panel, int blockCount, float* sums)
        where TFormat : struct, IPanelFormat
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        for (int b = 0; b < blockCount; b++)
        {
            byte* block = TFormat.Block(panel, b);
            float* factor = (float*)(tile + (GroupCount * 4));
            Prefetch(block + PrefetchDistance, (int)TFormat.PanelBytes(1));
            Vector256<int> low = StartAt<TFormat>((int*)factor + 1), high = low;
            Group<TFormat>(block, tile, 0, ref low, ref high);
            Group<TFormat>(block, tile, 1, ref low, ref high);
            Group<TFormat>(block, tile, 2, ref low, ref high);
            Group<TFormat>(block, tile, 3, ref low, ref high);
            Group<TFormat>(block, tile, 4, ref low, ref high);
            Group<TFormat>(block, tile, 5, ref low, ref high);
            Group<TFormat>(block, tile, 6, ref low, ref high);
            Group<TFormat>(block, tile, 7, ref low, ref high);
            tile += QuantizedRows.BlockBytes(1, KernelPath.Vector512);

            Add<TFormat, TLanes, TVector>(low, high, Levels<TLanes, TVector>.Of<TFormat>(panel, b), factor, 1, sums);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(byte* address, int byteCount)
    {
        const int LineBytes = 64;
        for (int offset = 0; offset < byteCount; offset += LineBytes) Sse.Prefetch0(address + offset);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> StartAt<TFormat>(int* correction)
        where TFormat : struct, IPanelFormat => Vector256.Create(Start<TFormat>(*correction));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Group<TFormat>(
        byte* block,
        byte* tile,
        int group,
        ref Vector256<int> low0,
        ref Vector256<int> high0,
        ref Vector256<int> low1,
        ref Vector256<int> high1,
        ref Vector256<int> low2,
        ref Vector256<int> high2,
        ref Vector256<int> low3,
        ref Vector256<int> high3,
        ref Vector256<int> low4,
        ref Vector256<int> high4,
        ref Vector256<int> low5,
        ref Vector256<int> high5)
        where TFormat : struct, IPanelFormat
    {
        Vector256<byte> low = TFormat.Codes256(block, group, 0), high = TFormat.Codes256(block, group, 1);
        int* rows = (int*)tile + group;
        Vector256<sbyte> x = Vector256.Create(rows[0]).AsSByte();
        low0 = AvxVnni.MultiplyWideningAndAdd(low0, low, x);
        high0 = AvxVnni.MultiplyWideningAndAdd(high0, high, x);
        x = Vector256.Create(rows[GroupCount]).AsSByte();
        low1 = AvxVnni.MultiplyWideningAndAdd(low1, low, x);
        high1 = AvxVnni.MultiplyWideningAndAdd(high1, high, x);
        x = Vector256.Create(rows[2 * GroupCount]).AsSByte();
        low2 = AvxVnni.MultiplyWideningAndAdd(low2, low, x);
        high2 = AvxVnni.MultiplyWideningAndAdd(high2, high, x);
        x = Vector256.Create(rows[3 * GroupCount]).AsSByte();
        low3 = AvxVnni.MultiplyWideningAndAdd(low3, low, x);
        high3 = AvxVnni.MultiplyWideningAndAdd(high3, high, x);
        x = Vector256.Create(rows[4 * GroupCount]).AsSByte();
        low4 = AvxVnni.MultiplyWideningAndAdd(low4, low, x);
        high4 = AvxVnni.MultiplyWideningAndAdd(high4, high, x);
        x = Vector256.Create(rows[5 * GroupCount]).AsSByte();
        low5 = AvxVnni.MultiplyWideningAndAdd(low5, low, x);
        high5 = AvxVnni.MultiplyWideningAndAdd(high5, high, x);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Group<TFormat>(byte* block, byte* tile, int group, ref Vector256<int> low, ref Vector256<int> high)
        where TFormat : struct, IPanelFormat
    {
        Vector256<sbyte> x = Vector256.Create(((int*)tile)[group]).AsSByte();
        low = AvxVnni.MultiplyWideningAndAdd(low, TFormat.Codes256(block, group, 0), x);
        high = AvxVnni.MultiplyWideningAndAdd(high, TFormat.Codes256(block, group, 1), x);
    }

    // In 512 bits the two halves become one register first: one multiplication and one multiply-add less, on the ports that the dot products want.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TFormat, TLanes, TVector>(Vector256<int> low, Vector256<int> high, Levels<TLanes, TVector> levels, float* factor, int height, float* sums)
        where TFormat : struct, IPanelFormat
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        if (TLanes.Count == PanelWidth)
        {
            Vector512<float> dots = Vector512.ConvertToSingle(Avx512F.InsertVector256(low.ToVector512(), high, 1));
            Add<TFormat, TLanes, TVector>(Unsafe.BitCast<Vector512<float>, TVector>(dots), levels.Scales, levels.Minimums, factor, height, sums);
        }
        else
        {
            Add<TFormat, TLanes, TVector>(Unsafe.BitCast<Vector256<float>, TVector>(Vector256.ConvertToSingle(low)), levels.Scales, levels.Minimums, factor, height, sums);
            Add<TFormat, TLanes, TVector>(Unsafe.BitCast<Vector256<float>, TVector>(Vector256.ConvertToSingle(high)), levels.HighScales, levels.HighMinimums, factor, height, sums + TLanes.Count);
        }
    }

    /// <summary>Scales and minimums of a block: of all 16 outputs in 512 bits, else of 8 and the other 8.</summary>
    private readonly struct Levels<TLanes, TVector>(TVector scales, TVector highScales, TVector minimums, TVector highMinimums)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        public TVector Scales => scales;

        public TVector HighScales => highScales;

        public TVector Minimums => minimums;

        public TVector HighMinimums => highMinimums;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Levels<TLanes, TVector> Of<TFormat>(byte* panel, int block)
            where TFormat : struct, IPanelFormat
        {
            bool hasHalves = TLanes.Count < PanelWidth;
            TVector scales = TFormat.Scales<TLanes, TVector>(panel, block, 0);
            TVector minimums = TFormat.HasMinimums ? TFormat.Minimums<TLanes, TVector>(panel, block, 0) : default;
            return new Levels<TLanes, TVector>(
                scales,
                hasHalves ? TFormat.Scales<TLanes, TVector>(panel, block, TLanes.Count) : scales,
                minimums,
                hasHalves && TFormat.HasMinimums ? TFormat.Minimums<TLanes, TVector>(panel, block, TLanes.Count) : minimums);
        }
    }
}

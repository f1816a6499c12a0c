using System.Runtime.CompilerServices;
using Steno.Kernels;

namespace Steno.Audio;

/// <summary>
/// |X[k]|², k = 0..200, of the 400-point discrete Fourier transform of real frames, several frames in step.
/// </summary>
/// <remarks>
/// A real transform of 400 points is a complex one of 200 over z[n] = x[2n] + i·x[2n+1]:
/// X[k] = E[k] + w^k·O[k] with w = exp(-2πi/400), E[k] = (Z[k] + conj Z[200-k]) / 2, O[k] = (Z[k] - conj Z[200-k]) / 2i, and
/// X[200-k] = conj(E[k] - w^k·O[k]). The complex transform is a self-sorting (Stockham) chain of the factors 200 = 5·5·4·2.
/// Lane i of a register belongs to frame i: there are no shuffles, and every frame rounds the same whatever the width of a register.
/// Values of one index lie side by side: value n of lane i is at [n · lanes + i]; a complex number is two such groups.
/// </remarks>
internal static unsafe class PowerSpectrum400
{
    /// <summary>Points of the transform.</summary>
    public const int Length = 400;

    /// <summary>Bins 0..200.</summary>
    public const int BinCount = (Length / 2) + 1;

    private const int ComplexLength = Length / 2;

    // cos and sin of 2π/5 and 4π/5.
    private const float Cos1 = 0.30901699437494742f;
    private const float Cos2 = -0.80901699437494742f;
    private const float Sin1 = 0.95105651629515357f;
    private const float Sin2 = 0.58778525229247313f;

    private static readonly float[] FirstPassTwiddles = PassTwiddles(length: 200, radix: 5);
    private static readonly float[] SecondPassTwiddles = PassTwiddles(length: 40, radix: 5);
    private static readonly float[] ThirdPassTwiddles = PassTwiddles(length: 8, radix: 4);
    private static readonly float[] RealTwiddles = Roots(Length, BinCount);

    /// <summary>Computes the power of all bins.</summary>
    /// <param name="frames">[400][lanes] windowed samples, already halved; used as scratch.</param>
    /// <param name="scratch">[400][lanes].</param>
    /// <param name="power">[201][lanes], receives the result.</param>
    public static void Compute<TLanes, TVector>(float* frames, float* scratch, float* power)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        fixed (float* first = FirstPassTwiddles, second = SecondPassTwiddles, third = ThirdPassTwiddles, real = RealTwiddles)
        {
            Radix5Pass<TLanes, TVector>(frames, scratch, groups: 40, stride: 1, first);
            Radix5Pass<TLanes, TVector>(scratch, frames, groups: 8, stride: 5, second);
            Radix4Pass<TLanes, TVector>(frames, scratch, groups: 2, stride: 25, third);
            Radix2Pass<TLanes, TVector>(scratch, frames, stride: 100);
            RealPower<TLanes, TVector>(frames, power, real);
        }
    }

    // A Stockham pass of radix r over length n = r·m at stride s: for p < m and q < s
    //   target[q + s·(r·p + j)] = exp(-2πi·j·p/n) · Σ_k source[q + s·(p + k·m)] · exp(-2πi·j·k/r).
    private static void Radix5Pass<TLanes, TVector>(float* source, float* target, int groups, int stride, float* twiddles)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        int step = 2 * TLanes.Count;
        for (int p = 0; p < groups; p++)
        {
            for (int q = 0; q < stride; q++)
            {
                float* input = source + ((q + (stride * p)) * step);
                float* output = target + ((q + (stride * 5 * p)) * step);
                Radix5Butterfly<TLanes, TVector>(input, stride * groups * step, output, stride * step, twiddles + (p * 8));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Radix5Butterfly<TLanes, TVector>(float* input, int inputStep, float* output, int outputStep, float* twiddles)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        var a0 = Complex<TLanes, TVector>.Load(input);
        var a1 = Complex<TLanes, TVector>.Load(input + inputStep);
        var a2 = Complex<TLanes, TVector>.Load(input + (2 * inputStep));
        var a3 = Complex<TLanes, TVector>.Load(input + (3 * inputStep));
        var a4 = Complex<TLanes, TVector>.Load(input + (4 * inputStep));

        Complex<TLanes, TVector> sum14 = a1 + a4, sum23 = a2 + a3, difference14 = a1 - a4, difference23 = a2 - a3;
        TVector cos1 = TLanes.Broadcast(Cos1), cos2 = TLanes.Broadcast(Cos2), sin1 = TLanes.Broadcast(Sin1), sin2 = TLanes.Broadcast(Sin2);

        Complex<TLanes, TVector> even1 = a0.AddScaled(sum14, cos1).AddScaled(sum23, cos2);
        Complex<TLanes, TVector> even2 = a0.AddScaled(sum14, cos2).AddScaled(sum23, cos1);
        Complex<TLanes, TVector> odd1 = difference14.Scaled(sin1).AddScaled(difference23, sin2);
        Complex<TLanes, TVector> odd2 = difference14.Scaled(sin2).AddScaled(difference23, TLanes.Broadcast(-Sin1));

        (a0 + sum14 + sum23).Store(output);
        even1.SubtractTimesI(odd1).Rotated(twiddles).Store(output + outputStep);
        even2.SubtractTimesI(odd2).Rotated(twiddles + 2).Store(output + (2 * outputStep));
        even2.AddTimesI(odd2).Rotated(twiddles + 4).Store(output + (3 * outputStep));
        even1.AddTimesI(odd1).Rotated(twiddles + 6).Store(output + (4 * outputStep));
    }

    private static void Radix4Pass<TLanes, TVector>(float* source, float* target, int groups, int stride, float* twiddles)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        int step = 2 * TLanes.Count;
        int inputStep = stride * groups * step;
        int outputStep = stride * step;
        for (int p = 0; p < groups; p++)
        {
            float* w = twiddles + (p * 6);
            for (int q = 0; q < stride; q++)
            {
                float* input = source + ((q + (stride * p)) * step);
                float* output = target + ((q + (stride * 4 * p)) * step);
                var a0 = Complex<TLanes, TVector>.Load(input);
                var a1 = Complex<TLanes, TVector>.Load(input + inputStep);
                var a2 = Complex<TLanes, TVector>.Load(input + (2 * inputStep));
                var a3 = Complex<TLanes, TVector>.Load(input + (3 * inputStep));
                Complex<TLanes, TVector> sum02 = a0 + a2, difference02 = a0 - a2, sum13 = a1 + a3, difference13 = a1 - a3;

                (sum02 + sum13).Store(output);
                difference02.SubtractTimesI(difference13).Rotated(w).Store(output + outputStep);
                (sum02 - sum13).Rotated(w + 2).Store(output + (2 * outputStep));
                difference02.AddTimesI(difference13).Rotated(w + 4).Store(output + (3 * outputStep));
            }
        }
    }

    // The last pass has one group, so no twiddles.
    private static void Radix2Pass<TLanes, TVector>(float* source, float* target, int stride)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        int step = 2 * TLanes.Count;
        for (int q = 0; q < stride; q++)
        {
            var a0 = Complex<TLanes, TVector>.Load(source + (q * step));
            var a1 = Complex<TLanes, TVector>.Load(source + ((q + stride) * step));
            (a0 + a1).Store(target + (q * step));
            (a0 - a1).Store(target + ((q + stride) * step));
        }
    }

    private static void RealPower<TLanes, TVector>(float* z, float* power, float* twiddles)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        int lanes = TLanes.Count;
        for (int k = 0; k <= ComplexLength / 2; k++)
        {
            var low = Complex<TLanes, TVector>.Load(z + (2 * k * lanes));
            var high = Complex<TLanes, TVector>.Load(z + (2 * ((ComplexLength - k) % ComplexLength) * lanes)).Conjugate();
            Complex<TLanes, TVector> even = low + high;
            Complex<TLanes, TVector> odd = (low - high).TimesMinusI().Rotated(twiddles + (2 * k));
            TLanes.Store((even + odd).SquaredMagnitude(), power + (k * lanes));
            TLanes.Store((even - odd).SquaredMagnitude(), power + ((ComplexLength - k) * lanes));
        }
    }

    private static float[] PassTwiddles(int length, int radix)
    {
        int groups = length / radix;
        float[] twiddles = new float[groups * (radix - 1) * 2];
        for (int p = 0; p < groups; p++)
        {
            for (int j = 1; j < radix; j++)
            {
                (double sin, double cos) = Math.SinCos(-2 * Math.PI * j * p / length);
                int index = ((p * (radix - 1)) + j - 1) * 2;
                twiddles[index] = (float)cos;
                twiddles[index + 1] = (float)sin;
            }
        }

        return twiddles;
    }

    private static float[] Roots(int length, int count)
    {
        float[] roots = new float[2 * count];
        for (int k = 0; k < count; k++)
        {
            (double sin, double cos) = Math.SinCos(-2 * Math.PI * k / length);
            roots[2 * k] = (float)cos;
            roots[(2 * k) + 1] = (float)sin;
        }

        return roots;
    }

    private readonly struct Complex<TLanes, TVector>(TVector real, TVector imaginary)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        private readonly TVector _real = real;
        private readonly TVector _imaginary = imaginary;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Complex<TLanes, TVector> Load(float* source) => new(TLanes.Load(source), TLanes.Load(source + TLanes.Count));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Complex<TLanes, TVector> operator +(Complex<TLanes, TVector> left, Complex<TLanes, TVector> right) =>
            new(TLanes.Add(left._real, right._real), TLanes.Add(left._imaginary, right._imaginary));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Complex<TLanes, TVector> operator -(Complex<TLanes, TVector> left, Complex<TLanes, TVector> right) =>
            new(TLanes.Subtract(left._real, right._real), TLanes.Subtract(left._imaginary, right._imaginary));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Store(float* destination)
        {
            TLanes.Store(_real, destination);
            TLanes.Store(_imaginary, destination + TLanes.Count);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Complex<TLanes, TVector> Scaled(TVector factor) => new(TLanes.Multiply(_real, factor), TLanes.Multiply(_imaginary, factor));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Complex<TLanes, TVector> AddScaled(Complex<TLanes, TVector> other, TVector factor) =>
            new(TLanes.MultiplyAdd(other._real, factor, _real), TLanes.MultiplyAdd(other._imaginary, factor, _imaginary));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Complex<TLanes, TVector> AddTimesI(Complex<TLanes, TVector> other) => new(TLanes.Subtract(_real, other._imaginary), TLanes.Add(_imaginary, other._real));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Complex<TLanes, TVector> SubtractTimesI(Complex<TLanes, TVector> other) => new(TLanes.Add(_real, other._imaginary), TLanes.Subtract(_imaginary, other._real));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Complex<TLanes, TVector> TimesMinusI() => new(_imaginary, TLanes.Subtract(TLanes.Broadcast(0), _real));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Complex<TLanes, TVector> Conjugate() => new(_real, TLanes.Subtract(TLanes.Broadcast(0), _imaginary));

        /// <summary>This times the complex number at <paramref name="root"/>: real part, imaginary part.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Complex<TLanes, TVector> Rotated(float* root)
        {
            TVector cos = TLanes.Broadcast(root[0]), sin = TLanes.Broadcast(root[1]), minusSin = TLanes.Broadcast(-root[1]);
            return new(TLanes.MultiplyAdd(_real, cos, TLanes.Multiply(_imaginary, minusSin)), TLanes.MultiplyAdd(_real, sin, TLanes.Multiply(_imaginary, cos)));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector SquaredMagnitude() => TLanes.MultiplyAdd(_real, _real, TLanes.Multiply(_imaginary, _imaginary));
    }
}

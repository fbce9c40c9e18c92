namespace Edge.Node.Tests.Demo;

/// <summary>
/// Finds heartbeats by two moving averages: a different published method than the sample module's Pan–Tompkins, so that the two
/// can only agree by both being right. It sees the whole record at once (zero-phase filters), which a stream cannot.
/// Elgendi M., "Fast QRS Detection with an Optimized Knowledge-Based Method: Evaluation on 11 Standard ECG Databases",
/// PLoS ONE 8(9):e73557 (2013), with the paper's own parameters: 8–20 Hz, 97 ms, 611 ms, offset 8 %, 300 ms refractory.
/// </summary>
internal static class ReferenceBeatDetector
{
    private const double LowHz = 8, HighHz = 20;
    private const double EventSeconds = 0.097, BeatSeconds = 0.611, RefractorySeconds = 0.300;
    private const double Offset = 0.08;

    /// <summary>Sample numbers of the beats' steepest points.</summary>
    public static IReadOnlyList<int> Find(IReadOnlyList<double> signal, double rateHz)
    {
        var energy = Array.ConvertAll(BandPass(signal, rateHz), v => v * v);
        var qrs = MovingAverage(energy, (int)Math.Round(EventSeconds * rateHz));
        var beat = MovingAverage(energy, (int)Math.Round(BeatSeconds * rateHz));
        var offset = Offset * energy.Average();
        var narrowest = (int)Math.Round(EventSeconds * rateHz);
        var refractory = (int)Math.Round(RefractorySeconds * rateHz);

        var beats = new List<int>();
        for (var start = 0; start < energy.Length; start++)
        {
            var end = start;
            while (end < energy.Length && qrs[end] > beat[end] + offset) end++;
            if (end - start >= narrowest) Add(beats, Peak(energy, start, end), energy, refractory);
            start = end;
        }
        return beats;
    }

    private static void Add(List<int> beats, int peak, double[] energy, int refractory)
    {
        if (beats.Count == 0 || peak - beats[^1] >= refractory) beats.Add(peak);
        else if (energy[peak] > energy[beats[^1]]) beats[^1] = peak;
    }

    private static int Peak(double[] energy, int start, int end)
    {
        var peak = start;
        for (var i = start; i < end; i++)
            if (energy[i] > energy[peak]) peak = i;
        return peak;
    }

    private static double[] MovingAverage(double[] values, int width)
    {
        var half = width / 2;
        var sums = new double[values.Length + 1];
        for (var i = 0; i < values.Length; i++) sums[i + 1] = sums[i] + values[i];
        return [.. Enumerable.Range(0, values.Length).Select(i =>
            (sums[Math.Min(values.Length, i + half + 1)] - sums[Math.Max(0, i - half)]) / (2 * half + 1))];
    }

    /// <summary>Butterworth sections, each run forwards and backwards, so that nothing shifts in time.</summary>
    private static double[] BandPass(IReadOnlyList<double> signal, double rateHz)
    {
        var values = signal.Select(v => v - signal[0]).ToArray();
        foreach (var section in (Biquad[])[Biquad.HighPass(LowHz, rateHz), Biquad.LowPass(HighHz, rateHz)])
        {
            values = section.Run(values);
            Array.Reverse(values);
            values = section.Run(values);
            Array.Reverse(values);
        }
        return values;
    }

    /// <summary>Second-order section; coefficients from Bristow-Johnson's Audio EQ Cookbook with Q = 1/√2.</summary>
    private readonly record struct Biquad(double B0, double B1, double B2, double A1, double A2)
    {
        public static Biquad LowPass(double hz, double rateHz)
        {
            var (cos, alpha) = Angle(hz, rateHz);
            return new Biquad((1 - cos) / 2, 1 - cos, (1 - cos) / 2, -2 * cos, 1 - alpha).DividedBy(1 + alpha);
        }

        public static Biquad HighPass(double hz, double rateHz)
        {
            var (cos, alpha) = Angle(hz, rateHz);
            return new Biquad((1 + cos) / 2, -(1 + cos), (1 + cos) / 2, -2 * cos, 1 - alpha).DividedBy(1 + alpha);
        }

        public double[] Run(double[] input)
        {
            var output = new double[input.Length];
            double x1 = 0, x2 = 0, y1 = 0, y2 = 0;
            for (var i = 0; i < input.Length; i++)
            {
                output[i] = B0 * input[i] + B1 * x1 + B2 * x2 - A1 * y1 - A2 * y2;
                (x2, x1, y2, y1) = (x1, input[i], y1, output[i]);
            }
            return output;
        }

        private static (double Cos, double Alpha) Angle(double hz, double rateHz)
        {
            var angle = 2 * Math.PI * hz / rateHz;
            return (Math.Cos(angle), Math.Sin(angle) / Math.Sqrt(2));
        }

        private Biquad DividedBy(double a0) => new(B0 / a0, B1 / a0, B2 / a0, A1 / a0, A2 / a0);
    }
}

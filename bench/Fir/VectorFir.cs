using System.Numerics;

namespace Edge.Bench.Fir;

/// <summary>The filter in C# with <see cref="Vector{T}"/>: the fastest that managed code does without wasm.</summary>
internal static class VectorFir
{
    /// <summary>The filter from an empty history.</summary>
    public static float[] Filter(float[] taps, float[] input)
    {
        var history = new float[taps.Length - 1 + input.Length];
        input.CopyTo(history, taps.Length - 1);
        var output = new float[input.Length];
        Filter(taps, history, output);
        return output;
    }

    /// <summary>Four vectors of outputs at a time, so that each tap is loaded once for all of them.</summary>
    public static void Filter(ReadOnlySpan<float> taps, ReadOnlySpan<float> history, Span<float> output)
    {
        var lanes = Vector<float>.Count;
        var last = taps.Length - 1;
        var i = 0;
        for (; i + 4 * lanes <= output.Length; i += 4 * lanes)
        {
            Vector<float> a = default, b = default, c = default, d = default;
            for (var t = 0; t < taps.Length; t++)
            {
                var tap = new Vector<float>(taps[t]);
                var at = history[(i + last - t)..];
                a += tap * new Vector<float>(at);
                b += tap * new Vector<float>(at[lanes..]);
                c += tap * new Vector<float>(at[(2 * lanes)..]);
                d += tap * new Vector<float>(at[(3 * lanes)..]);
            }
            a.CopyTo(output[i..]);
            b.CopyTo(output[(i + lanes)..]);
            c.CopyTo(output[(i + 2 * lanes)..]);
            d.CopyTo(output[(i + 3 * lanes)..]);
        }
        for (; i < output.Length; i++)
        {
            var sum = 0f;
            for (var t = 0; t < taps.Length; t++) sum += taps[t] * history[i + last - t];
            output[i] = sum;
        }
    }
}

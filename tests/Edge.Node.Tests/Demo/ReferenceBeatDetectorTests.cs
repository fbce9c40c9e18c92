namespace Edge.Node.Tests.Demo;

/// <summary>The oracle is tested itself: on a signal whose beats are known, and against the record's annotators.</summary>
public sealed class ReferenceBeatDetectorTests
{
    [Theory]
    [InlineData(45)]
    [InlineData(72)]
    [InlineData(150)]
    public void Finds_each_beat_of_a_synthetic_heart(int beatsPerMinute)
    {
        var beats = ReferenceBeatDetector.Find(SyntheticHeart(beatsPerMinute, seconds: 60, rateHz: 360), 360);

        Assert.Equal(beatsPerMinute, beats.Count);
    }

    // The annotators marked 2955 beats in 30 minutes, so about 492 in five; the heart does not beat evenly, hence the range.
    [Fact]
    public void Finds_about_as_many_beats_in_the_record_as_its_annotators()
    {
        var beats = ReferenceBeatDetector.Find(SampleRecord.Millivolts(), 360);

        Assert.Equal(500, beats.Count);
        Assert.InRange(beats.Count, 2955 / 6 * 0.97, 2955 / 6 * 1.03);
    }

    /// <summary>A steep spike with a broad T wave after it, over a slow wander of the baseline and mains hum.</summary>
    private static double[] SyntheticHeart(int beatsPerMinute, int seconds, int rateHz)
    {
        var signal = new double[seconds * rateHz];
        for (var i = 0; i < signal.Length; i++)
        {
            var t = (double)i / rateHz;
            var phase = t % (60.0 / beatsPerMinute) - 30.0 / beatsPerMinute;
            signal[i] = Bump(phase, 0, 0.012) + 0.3 * Bump(phase, 0.2, 0.04)
                + 0.2 * Math.Sin(2 * Math.PI * 0.3 * t) + 0.02 * Math.Sin(2 * Math.PI * 50 * t);
        }
        return signal;
    }

    private static double Bump(double t, double at, double width) => Math.Exp(-(t - at) * (t - at) / (2 * width * width));
}

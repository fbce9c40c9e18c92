using System.Diagnostics;
using Edge.Actors.Intake;
using Edge.Messages.Intake;

namespace Edge.Actors.Telemetry;

/// <summary>
/// Spans of the source <c>Edge</c>: <c>channel process</c>, child of the producer's trace context, and within it <c>module call</c>, whose context goes out with
/// the outputs. Without a listener that samples, nothing is made.
/// </summary>
internal static class Tracing
{
    private static readonly ActivitySource Source = new("Edge");

    /// <summary>Whether anybody listens.</summary>
    public static bool Listening => Source.HasListeners();

    /// <summary>The span of one reading in a channel, or null.</summary>
    public static Activity? Process(in InboxEntry entry, string channel)
    {
        ActivityContext.TryParse(entry.Reading.TraceParent, entry.Reading.TraceState, isRemote: true, out var parent);
        var span = Source.StartActivity("channel process", ActivityKind.Consumer, parent);
        span?.SetTag("edge.channel", channel);
        return span;
    }

    /// <summary>The trace context that goes out with what a reading caused where nobody listens: the producer's own, unchanged, if it is one (W3C Trace Context §3.2).</summary>
    public static string? Carried(Reading reading) =>
        reading.TraceParent.Length > 0 && ActivityContext.TryParse(reading.TraceParent, reading.TraceState, isRemote: true, out _) ? reading.TraceParent : null;

    /// <summary>The span of a guest call, or null.</summary>
    public static Activity? Call(string module) =>
        Listening && Source.StartActivity("module call") is { } span ? span.SetTag("edge.module", module) : null;
}

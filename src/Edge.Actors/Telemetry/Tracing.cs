using System.Diagnostics;
using Edge.Actors.Intake;

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

    /// <summary>The span of a guest call, or null.</summary>
    public static Activity? Call(string module) =>
        Listening && Source.StartActivity("module call") is { } span ? span.SetTag("edge.module", module) : null;
}

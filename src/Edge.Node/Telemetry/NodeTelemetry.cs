using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Edge.Node.Telemetry;

/// <summary>
/// Where logs, metrics and traces go. Logs: standard error. Metrics: Prometheus text at <c>/metrics</c>. With one of the standard variables
/// <c>OTEL_EXPORTER_OTLP_[TRACES_|METRICS_]ENDPOINT</c> set, also traces and metrics by OTLP, as the other <c>OTEL_*</c> variables say; without them nothing is traced.
/// </summary>
internal static class NodeTelemetry
{
    /// <summary>Name of the one Meter and the one ActivitySource of the node.</summary>
    public const string Source = "Edge";

    private static readonly double[] Seconds = [1e-6, 1e-5, 1e-4, 2.5e-4, 5e-4, 1e-3, 2.5e-3, 5e-3, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>Log lines to standard error, so that standard output keeps what was asked for.</summary>
    public static void AddLogs(ILoggingBuilder logs, bool json)
    {
        logs.SetMinimumLevel(LogLevel.Information);
        logs.AddFilter("Microsoft", LogLevel.Warning);

        // At Information it tells of every call that a peer broke off, with a stack: a peer that goes away is said by who misses it.
        logs.AddFilter("Grpc", LogLevel.Warning);

        // Why the node could not start is said once, in words, by the command.
        logs.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        logs.AddFilter("Proto", LogLevel.Warning);
        logs.AddFilter("OpenTelemetry", LogLevel.Warning);
        logs.AddConsoleFormatter<LineFormatter, Microsoft.Extensions.Logging.Console.ConsoleFormatterOptions>();
        logs.AddConsole(console =>
        {
            console.LogToStandardErrorThreshold = LogLevel.Trace;
            console.FormatterName = json ? Microsoft.Extensions.Logging.Console.ConsoleFormatterNames.Json : LineFormatter.Name;
        });
    }

    /// <summary>Lets OpenTelemetry see the standard variables: it looks in the host's settings, and this host reads no environment of its own.</summary>
    public static void AddSettings(IConfigurationBuilder settings) =>
        settings.AddInMemoryCollection(Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
            .Select(variable => new KeyValuePair<string, string?>((string)variable.Key, (string?)variable.Value))
            .Where(variable => variable.Key.StartsWith("OTEL_", StringComparison.Ordinal)));

    /// <summary>Metrics and traces.</summary>
    public static void AddSignals(IServiceCollection services)
    {
        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("edge", serviceVersion: typeof(NodeTelemetry).Assembly.GetName().Version?.ToString(3)).AddEnvironmentVariableDetector())
            .WithMetrics(metrics =>
            {
                metrics.AddMeter(Source, "System.Runtime").AddView(InSeconds).AddPrometheusExporter();
                if (IsSet("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"))
                {
                    metrics.AddOtlpExporter();
                }
            });
        if (IsSet("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"))
        {
            telemetry.WithTracing(traces => traces.AddSource(Source).AddOtlpExporter());
        }
    }

    // The library's own buckets are for milliseconds: all our times would fall into the first.
    private static MetricStreamConfiguration? InSeconds(Instrument instrument) =>
        instrument.Unit == "s" && instrument.GetType().GetGenericTypeDefinition() == typeof(Histogram<>)
            ? new ExplicitBucketHistogramConfiguration { Boundaries = Seconds }
            : null;

    private static bool IsSet(string ofSignal) =>
        Environment.GetEnvironmentVariable(Endpoint) is { Length: > 0 } || Environment.GetEnvironmentVariable(ofSignal) is { Length: > 0 };
}

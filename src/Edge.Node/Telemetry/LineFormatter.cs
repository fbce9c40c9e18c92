using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Edge.Node.Telemetry;

/// <summary>One line an entry, for people: <c>12:03:04.567 warn Edge.Node.Mqtt.MqttBroker[3003] text</c>; an exception follows on indented lines. Times are UTC.</summary>
internal sealed class LineFormatter(TimeProvider time) : ConsoleFormatter(Name)
{
    /// <summary>The formatter's name.</summary>
    public new const string Name = "line";

    /// <inheritdoc/>
    public override void Write<TState>(in LogEntry<TState> entry, IExternalScopeProvider? scopes, TextWriter writer)
    {
        writer.Write(time.GetUtcNow().ToString("HH:mm:ss.fff ", System.Globalization.CultureInfo.InvariantCulture));
        writer.Write(Word(entry.LogLevel));
        writer.Write($" {entry.Category}[{entry.EventId.Id}] ");
        writer.WriteLine(OneLine(entry.Formatter(entry.State, entry.Exception)));
        if (entry.Exception is { } exception)
        {
            writer.WriteLine("    " + exception.ToString().ReplaceLineEndings(Environment.NewLine + "    "));
        }
    }

    private static string OneLine(string text) => text.AsSpan().IndexOfAny('\r', '\n') < 0 ? text : text.ReplaceLineEndings(" ");

    private static string Word(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info ",
        LogLevel.Warning => "warn ",
        _ => "error",
    };
}

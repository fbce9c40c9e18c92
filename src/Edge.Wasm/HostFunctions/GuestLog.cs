using System.Text;
using Edge.Wasm.Instances;
using Microsoft.Extensions.Logging;

namespace Edge.Wasm.HostFunctions;

/// <summary>
/// Lines of one instance on their way to the node's log, from <c>log</c>, stdout and stderr together: rate-limited, cut, and without control characters, so that
/// a guest can neither flood nor forge lines. What was dropped is counted, and told with the next line that passes or at the instance's end.
/// </summary>
internal sealed partial class GuestLog(GuestContext guest)
{
    /// <summary>Bytes of a line; what follows is cut.</summary>
    public const int LineMax = 4_096;

    private readonly LogRate _rate = new(guest.Limits.LogLinesPerSecond, guest.Time);

    /// <summary>False when the line was dropped by the rate limit.</summary>
    public bool Write(LogLevel level, ReadOnlySpan<byte> text)
    {
        if (!_rate.TryPass())
        {
            guest.Metrics.LogLineDropped(guest.Options.Module);
            return false;
        }
        TellDropped();
        if (!guest.Options.Log.IsEnabled(level)) return true;
        var line = Clean(text);
        Line(guest.Options.Log, level, guest.Options.Module, line);
        return true;
    }

    /// <summary>Says how many lines were dropped, if any were.</summary>
    public void TellDropped()
    {
        if (_rate.TakeDropped() is > 0 and var dropped)
            Dropped(guest.Options.Log, guest.Options.Module, dropped, guest.Limits.LogLinesPerSecond);
    }

    private static string Clean(ReadOnlySpan<byte> text)
    {
        var line = Encoding.UTF8.GetString(text[..Math.Min(text.Length, LineMax)]).AsSpan().TrimEnd("\r\n");
        return string.Create(line.Length, line, static (clean, line) =>
        {
            for (var i = 0; i < line.Length; i++) clean[i] = char.IsControl(line[i]) && line[i] != '\t' ? ' ' : line[i];
        });
    }

    [LoggerMessage(EventId = 1050, Message = "{Module}: {Text}")]
    private static partial void Line(ILogger log, LogLevel level, string module, string text);

    [LoggerMessage(1051, LogLevel.Warning, "{Module}: {Dropped} log lines were dropped: more than {PerSecond} a second")]
    private static partial void Dropped(ILogger log, string module, long dropped, int perSecond);
}

using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Edge.Node.Hosting;

/// <summary>
/// Sends the log lines of Proto.Actor itself, of Warning and above (see <see cref="Telemetry.NodeTelemetry.AddLogs"/>), where the node's own go. The library keeps one logger factory for the whole
/// process: of several nodes in one process the last to start gets its lines, and none does after one of them was disposed.
/// </summary>
internal sealed class ActorLibraryLog : IDisposable
{
    /// <summary>To be made before the first actor system: the library's classes take their loggers once.</summary>
    public ActorLibraryLog(ILoggerFactory logs) => Proto.Log.SetLoggerFactory(logs);

    /// <summary>A factory that was disposed would throw in the library.</summary>
    public void Dispose() => Proto.Log.SetLoggerFactory(NullLoggerFactory.Instance);
}

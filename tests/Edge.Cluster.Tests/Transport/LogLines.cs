using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Edge.Cluster.Tests.Transport;

/// <summary>Keeps what our own code tells people.</summary>
internal sealed class LogLines : ILoggerFactory, ILogger
{
    public ConcurrentQueue<string> Told { get; } = [];

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public ILogger CreateLogger(string categoryName) => categoryName.StartsWith("Edge.", StringComparison.Ordinal) ? this : Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Told.Enqueue(formatter(state, exception));

    public void Dispose()
    {
    }
}

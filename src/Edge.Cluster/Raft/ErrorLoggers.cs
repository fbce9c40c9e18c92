using Microsoft.Extensions.Logging;

namespace Edge.Cluster.Raft;

/// <summary>Lets only errors of the Raft library through.</summary>
internal sealed class ErrorLoggers(ILoggerFactory loggers) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => new Errors(loggers.CreateLogger(categoryName));

    public void AddProvider(ILoggerProvider provider) => loggers.AddProvider(provider);

    // The factory belongs to the host.
    public void Dispose()
    {
    }

    private sealed class Errors(ILogger logger) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => logger.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error && logger.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel >= LogLevel.Error)
            {
                logger.Log(logLevel, eventId, state, exception, formatter);
            }
        }
    }
}

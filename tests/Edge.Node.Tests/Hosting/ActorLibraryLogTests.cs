using Edge.Node.Hosting;
using Edge.Node.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Edge.Node.Tests.Hosting;

[CollectionDefinition(nameof(ActorLibraryLogTests), DisableParallelization = true)]
public sealed class OneProcessWideLog;

/// <summary>Proto.Actor's own lines. Its logger factory is one for the process, so nothing may run beside.</summary>
[Collection(nameof(ActorLibraryLogTests))]
public sealed class ActorLibraryLogTests
{
    [Fact]
    public void Warnings_of_the_actor_library_come_out_with_the_nodes_own_lines()
    {
        var lines = new Lines();
        using var services = new ServiceCollection().AddSingleton(TimeProvider.System).AddLogging(logs =>
        {
            NodeTelemetry.AddLogs(logs, json: false);
            logs.AddProvider(lines);
        }).BuildServiceProvider();

        using (new ActorLibraryLog(services.GetRequiredService<ILoggerFactory>()))
        {
            Say("while it runs");
        }

        Say("after its end");
        Assert.Equal(["Proto.Context.ActorContext Warning: while it runs"], lines.Said);
    }

    private static void Say(string what)
    {
        var library = Proto.Log.CreateLogger("Proto.Context.ActorContext");
        library.Log(LogLevel.Information, "quiet");
        library.Log(LogLevel.Warning, "{What}", what);
    }

    private sealed class Lines : ILoggerProvider
    {
        public List<string> Said { get; } = [];

        public ILogger CreateLogger(string categoryName) => new Line(categoryName, Said);

        public void Dispose()
        {
        }

        private sealed class Line(string category, List<string> said) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel level) => true;

            public void Log<TState>(LogLevel level, EventId id, TState state, Exception? failure, Func<TState, Exception?, string> format) =>
                said.Add($"{category} {level}: {format(state, failure)}");
        }
    }
}

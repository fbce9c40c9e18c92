using Microsoft.Extensions.Logging;
using Proto;

namespace Edge.Actors.Placement;

/// <summary>Starts the actors of one kind under itself; <see cref="PlacedSupervision"/> says what happens when one fails.</summary>
/// <param name="supervision">Knows the actors by their identity.</param>
/// <param name="log">Log.</param>
internal sealed partial class PlacedSupervisor(PlacedSupervision supervision, ILogger log) : IActor
{
    /// <inheritdoc/>
    public Task ReceiveAsync(IContext context) => context.Message switch
    {
        StartPlaced start => Start(context, start),
        Started or Stopping or Stopped or Restarting or Terminated => Task.CompletedTask,
        var other => Unexpected(other),
    };

    private Task Start(IContext context, StartPlaced start)
    {
        var pid = context.SpawnNamed(start.Props, start.Identity.Identity, child => child.Set(start.Identity));
        supervision.Know(pid, start.Identity);
        context.Respond(new PlacedStarted(pid));
        return Task.CompletedTask;
    }

    private Task Unexpected(object? message)
    {
        LogUnexpected(message?.GetType().Name);
        return Task.CompletedTask;
    }

    [LoggerMessage(2012, LogLevel.Warning, "A supervisor got a message that it does not know: {Message}")]
    private partial void LogUnexpected(string? message);
}

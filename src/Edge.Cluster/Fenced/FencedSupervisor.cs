using Edge.Cluster.Book;
using Edge.Messages.Book;
using Microsoft.Extensions.Logging;
using Proto;
using Proto.Cluster;

namespace Edge.Cluster.Fenced;

/// <summary>Starts and stops the actors of one kind under itself, as the book places them. An actor that fails begins anew; one that fails again and again is stopped and reported.</summary>
internal sealed partial class FencedSupervisor(FencedKind kind, Func<bool> holds, Action<ActorName, string> givenUp, ILogger log) : IActor, ISupervisorStrategy
{
    private const int FailuresMax = 10;

    private static readonly TimeSpan Within = TimeSpan.FromMinutes(1);

    private readonly Props _props = Fence.Behind(kind.Props, holds);
    private readonly Dictionary<string, ActorName> _names = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public Task ReceiveAsync(IContext context) => context.Message switch
    {
        StartFenced start => Start(context, start),
        Started or Stopping or Stopped or Restarting or Terminated => Task.CompletedTask,
        var other => Unexpected(other),
    };

    /// <inheritdoc/>
    public void HandleFailure(ISupervisor supervisor, PID child, RestartStatistics rs, Exception cause, object? message)
    {
        var actor = _names.GetValueOrDefault(child.Id);
        rs.Fail();
        if (rs.NumberOfFailures(Within) <= FailuresMax)
        {
            LogRestart(cause, actor.ToString(), message?.GetType().Name);
            supervisor.RestartChildren(cause, child);
            return;
        }

        LogGivenUp(cause, actor.ToString(), FailuresMax);
        supervisor.StopChildren(child);
        givenUp(actor, cause.Message);
    }

    private Task Start(IContext context, StartFenced start)
    {
        var identity = ClusterIdentity.Create(start.Actor.Identity, start.Actor.Kind);
        var pid = context.SpawnNamed(_props, FencedAddress.Child(start.Actor, start.Epoch), child =>
        {
            child.Set(identity);
            child.Set(start.Epoch);
        });
        _names[pid.Id] = start.Actor;
        context.Respond(new FencedStarted(pid));
        return Task.CompletedTask;
    }

    private Task Unexpected(object? message)
    {
        LogUnexpected(message?.GetType().Name);
        return Task.CompletedTask;
    }

    [LoggerMessage(8100, LogLevel.Error, "Actor {Actor} failed at {Message} and begins anew")]
    private partial void LogRestart(Exception cause, string actor, string? message);

    [LoggerMessage(8101, LogLevel.Error, "Actor {Actor} failed more than {Failures} times within a minute and is stopped")]
    private partial void LogGivenUp(Exception cause, string actor, int failures);

    [LoggerMessage(8102, LogLevel.Warning, "A supervisor got a message that it does not know: {Message}")]
    private partial void LogUnexpected(string? message);
}

/// <summary>Asks a kind's supervisor to start an actor.</summary>
internal sealed record StartFenced(ActorName Actor, Epoch Epoch);

/// <summary>The actor runs.</summary>
internal sealed record FencedStarted(PID Pid);

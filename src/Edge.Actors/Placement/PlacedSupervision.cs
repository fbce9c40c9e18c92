using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Proto;
using Proto.Cluster;

namespace Edge.Actors.Placement;

/// <summary>Restarts each placed actor that fails, from its committed state; one that fails again and again is stopped and reported. Thread-safe.</summary>
/// <param name="givenUp">Told of an actor that was stopped.</param>
/// <param name="log">Log.</param>
internal sealed partial class PlacedSupervision(Action<ClusterIdentity, string> givenUp, ILogger log) : ISupervisorStrategy
{
    /// <summary>Failures within <see cref="Within"/> after which an actor is stopped.</summary>
    public const int FailuresMax = 10;

    /// <summary>See <see cref="FailuresMax"/>.</summary>
    public static readonly TimeSpan Within = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, ClusterIdentity> _identities = new(StringComparer.Ordinal);

    /// <summary>Notes whose process id this is.</summary>
    public void Know(PID pid, ClusterIdentity identity) => _identities[pid.Id] = identity;

    /// <summary>The actor was stopped.</summary>
    public void Forget(PID pid) => _identities.TryRemove(pid.Id, out _);

    /// <inheritdoc/>
    public void HandleFailure(ISupervisor supervisor, PID child, RestartStatistics rs, Exception cause, object? message)
    {
        var identity = _identities[child.Id];
        rs.Fail();
        if (rs.NumberOfFailures(Within) <= FailuresMax)
        {
            LogRestart(cause, identity.Kind, identity.Identity, message?.GetType().Name);
            supervisor.RestartChildren(cause, child);
            return;
        }

        LogGivenUp(cause, identity.Kind, identity.Identity, FailuresMax);
        supervisor.StopChildren(child);
        givenUp(identity, cause.Message);
    }

    [LoggerMessage(2010, LogLevel.Error, "Actor {Kind} {Identity} failed at {Message} and begins anew")]
    private partial void LogRestart(Exception cause, string kind, string identity, string? message);

    [LoggerMessage(2011, LogLevel.Error, "Actor {Kind} {Identity} failed more than {Failures} times within a minute and is stopped")]
    private partial void LogGivenUp(Exception cause, string kind, string identity, int failures);
}

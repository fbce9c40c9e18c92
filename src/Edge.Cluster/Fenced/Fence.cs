using Proto;
using Proto.Mailbox;

namespace Edge.Cluster.Fenced;

/// <summary>
/// Stands before every fenced actor: a message that comes while the lease does not hold is dropped, also the first one after the process was paused. What belongs to an actor's own life
/// (start, stop, failures of children) passes.
/// </summary>
internal static class Fence
{
    public static Props Behind(Props props, Func<bool> holds) => props.WithReceiverMiddleware(next => (context, envelope) =>
        envelope.Message is SystemMessage or InfrastructureMessage or Stopping or Stopped or Restarting or Started || holds() ? next(context, envelope) : Task.CompletedTask);
}

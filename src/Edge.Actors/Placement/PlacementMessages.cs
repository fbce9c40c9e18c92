using Proto;
using Proto.Cluster;

namespace Edge.Actors.Placement;

/// <summary>Sending to actors by cluster identity.</summary>
internal static class PlacementMessages
{
    /// <summary>
    /// Sends <paramref name="question"/> to the actor of <paramref name="identity"/>; answers come to this actor as messages, so nothing waits and nothing times out.
    /// </summary>
    public static async Task AskAsync(this IContext context, ClusterIdentity identity, object question)
    {
        var pid = await context.Cluster().GetAsync(identity, context.System.Shutdown)
            ?? throw new InvalidOperationException($"Actor '{identity.Kind}/{identity.Identity}' is placed nowhere.");
        context.Request(pid, question, context.Self);
    }
}

using Edge.Messages.Site;

namespace Edge.Cluster.Forwarding;

/// <summary>What a node's broker offers to the other nodes: what its clients subscribe to, and a way in for outputs made elsewhere. Thread-safe.</summary>
public interface IForwardedOutputs
{
    /// <summary>
    /// Calls <paramref name="onChange"/> with all filters that clients of this node subscribe to, then with each change, in order and one at a time; it must be quick. Dispose what comes
    /// back to end it.
    /// </summary>
    IDisposable WatchFilters(Action<InterestChange> onChange);

    /// <summary>Hands outputs to the clients of this node, in order. Completes when the broker has taken them.</summary>
    ValueTask TakeAsync(IReadOnlyList<ForwardedMessage> messages);
}

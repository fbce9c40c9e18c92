using Edge.Messages.Site;

namespace Edge.Cluster.Transport;

/// <summary>What a node gives to the owners of channels on other nodes: readings of its intake log, and room for copies of state. The room above the transport carries it out. Thread-safe.</summary>
public interface IChannelTraffic
{
    /// <summary>
    /// Serves one pull: batches as there are readings and credit, until the caller goes away. A pull that is refused is answered by one batch that says why.
    /// </summary>
    /// <param name="peer">Name of the node that asks, as its certificate says.</param>
    /// <param name="requests">The first opens the pull; later ones add credit, move the cursor back or tell what is committed.</param>
    /// <param name="cancellation">The caller is gone.</param>
    IAsyncEnumerable<PullBatch> PullAsync(string peer, IAsyncEnumerable<PullRequest> requests, CancellationToken cancellation);

    /// <summary>Keeps a copy, or says why not; answered when it is on stable storage.</summary>
    /// <param name="peer">Name of the node that owns the channel, as its certificate says.</param>
    /// <param name="copy">The copy.</param>
    Task<ChannelCopied> KeepAsync(string peer, ChannelCopy copy);
}

using Edge.Cluster.Transport;
using Edge.Messages.Site;

namespace Edge.Actors.Traffic;

/// <summary>What this node does for the owners of channels on other nodes: the transport's way into the actors.</summary>
internal sealed class NodeTraffic(PullServer pulls, CopyKeeper copies) : IChannelTraffic
{
    /// <inheritdoc/>
    public IAsyncEnumerable<PullBatch> PullAsync(string peer, IAsyncEnumerable<PullRequest> requests, CancellationToken cancellation) => pulls.PullAsync(peer, requests, cancellation);

    /// <inheritdoc/>
    public Task<ChannelCopied> KeepAsync(string peer, ChannelCopy copy) => copies.KeepAsync(peer, copy);
}

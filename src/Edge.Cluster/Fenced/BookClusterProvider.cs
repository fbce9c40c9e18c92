using System.Collections.Immutable;
using System.Threading.Channels;
using Edge.Cluster.Book;
using Edge.Messages.Book;
using Proto.Cluster;
using ProtoCluster = Proto.Cluster.Cluster;

namespace Edge.Cluster.Fenced;

/// <summary>
/// Feeds Proto's member list from the book, and from nothing else: no gossip, no heartbeats, no seed nodes. Proto's own providers have no quorum, so a paused or cut-off member would go on
/// serving its actors for ever (measured).
/// </summary>
internal sealed class BookClusterProvider(IBook book) : IClusterProvider
{
    private readonly Channel<BookState> _states = Channel.CreateBounded<BookState>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
    private IDisposable? _watch;
    private Task _feeding = Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartMemberAsync(ProtoCluster cluster)
    {
        _watch = book.Watch(change =>
        {
            if (change.Before.Nodes != change.After.Nodes) _states.Writer.TryWrite(change.After);
        });
        _states.Writer.TryWrite(book.Current);
        _feeding = FeedAsync(cluster);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StartClientAsync(ProtoCluster cluster) => throw new NotSupportedException("Whoever wants to talk to a site's actors is a member of it.");

    /// <inheritdoc/>
    public async Task ShutdownAsync(bool graceful)
    {
        _watch?.Dispose();
        _states.Writer.TryComplete();
        await _feeding;
    }

    private async Task FeedAsync(ProtoCluster cluster)
    {
        ImmutableArray<Member> last = [];
        var kinds = cluster.GetClusterKinds();
        await foreach (var state in _states.Reader.ReadAllAsync())
        {
            ImmutableArray<Member> members = [.. state.Nodes.Values.Where(n => n.Member is not null && !n.Witness).Select(n => MemberOf(n, kinds))];
            // Before this system is a member there is no list that it could have: an empty one would block its peers' ids for ever.
            if (members.All(m => m.Id != cluster.System.Id) || members.SequenceEqual(last)) continue;
            cluster.MemberList.UpdateClusterTopology(members);
            last = members;
        }
    }

    private static Member MemberOf(NodeRecord node, string[] kinds)
    {
        var member = new Member { Id = node.Member.Id, Host = node.Name, Port = FencedAddress.Port };
        member.Kinds.AddRange(kinds);
        return member;
    }
}

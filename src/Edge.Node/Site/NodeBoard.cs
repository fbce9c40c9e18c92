using Edge.Cluster.Book;
using Edge.Cluster.Transport;
using Edge.Messages.Site;
using Edge.Node.Admin;
using Grpc.Core;

namespace Edge.Node.Site;

/// <summary>What the leader sees of the nodes: from this node's own desk while it leads, else by asking the leader.</summary>
/// <param name="book">The book.</param>
/// <param name="desk">This node's desk.</param>
/// <param name="dial">Connects to a node by its name.</param>
/// <param name="time">The clock.</param>
internal sealed class NodeBoard(IBook book, ILeaseDesk desk, Func<string, CallInvoker> dial, TimeProvider time) : INodeBoard
{
    private static readonly TimeSpan AnswersIn = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<string, NodeSight>> LookAsync(CancellationToken cancellation)
    {
        var leadership = book.Leadership;
        var members = leadership.Leads ? desk.Look() : await AskAsync(leadership.Leader, cancellation);
        return members.ToDictionary(
            member => member.Node,
            member => new NodeSight(
                member.LeaseLeftMs == 0 ? null : TimeSpan.FromMilliseconds(member.LeaseLeftMs), member.Applied, TimeSpan.FromMicroseconds(member.ClockOffsetUs),
                member.Load?.Cpu ?? 0, member.Load?.MemoryBytes ?? 0, member.Load?.Instances ?? 0, member.Load?.Actors ?? 0, TimeSpan.FromMilliseconds(member.FlushP99Ms)),
            StringComparer.Ordinal);
    }

    private async Task<IReadOnlyList<MemberSight>> AskAsync(string leader, CancellationToken cancellation)
    {
        if (leader.Length == 0) return [];
        using var limit = new CancellationTokenSource(AnswersIn, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            return (await new Membership.MembershipClient(dial(leader)).LookAsync(new(), cancellationToken: either.Token)).Members;
        }
        catch (RpcException)
        {
            cancellation.ThrowIfCancellationRequested();
            return [];
        }
    }
}

using Edge.Cluster.Book;
using Edge.Messages.Site;
using Grpc.Core;

namespace Edge.Cluster.Transport;

/// <summary>
/// The book and leases for the other nodes of the site. Only for nodes that are in the book: one that was removed is refused, and its open stream is ended. What only the leader may do is
/// answered with who leads when this node does not.
/// </summary>
/// <param name="book">This node's book.</param>
/// <param name="feed">The same book for followers.</param>
/// <param name="leases">Renewals.</param>
/// <param name="peerName">The name in the caller's certificate; null if it showed none.</param>
public sealed class MembershipService(IBook book, BookFeed feed, ILeaseDesk leases, Func<ServerCallContext, string?> peerName) : Membership.MembershipBase
{
    /// <inheritdoc/>
    public override async Task Follow(FollowRequest request, IServerStreamWriter<BookFrame> responseStream, ServerCallContext context)
    {
        var peer = RequireNode(peerName(context));
        try
        {
            await foreach (var frame in feed.FollowAsync(request.After, request.Incarnation, context.CancellationToken))
            {
                RequireNode(peer);
                foreach (var part in SnapshotParts.Cut(frame))
                    await responseStream.WriteAsync(part, context.CancellationToken);
            }
        }
        catch (OperationCanceledException) when (context.CancellationToken.IsCancellationRequested)
        {
            // The follower has gone; nobody is left to answer.
        }
    }

    /// <inheritdoc/>
    public override async Task<AppendReply> Append(AppendRequest request, ServerCallContext context)
    {
        var peer = RequireNode(peerName(context));
        if (request.Command is null)
            throw new RpcException(new Status(StatusCode.InvalidArgument, "An append needs a command."));
        // Not passed on from here: the caller goes to the leader itself, so that a question never runs in a circle.
        if (Elsewhere() is { } elsewhere)
            return new AppendReply { NotLeading = elsewhere };
        if (AppendRights.Against(book.Current, peer, request.Command) is { } reason)
            throw new RpcException(new Status(StatusCode.PermissionDenied, reason));
        return new AppendReply { Outcome = await AvailableAsync(() => book.AppendAsync(request.Command, context.CancellationToken)) };
    }

    /// <inheritdoc/>
    public override async Task<BarrierReply> Barrier(BarrierRequest request, ServerCallContext context)
    {
        RequireNode(peerName(context));
        if (Elsewhere() is { } elsewhere)
            return new BarrierReply { NotLeading = elsewhere };
        return new BarrierReply { Index = (await AvailableAsync(() => book.ReadAsync(context.CancellationToken))).Index };
    }

    /// <inheritdoc/>
    public override Task<RenewReply> Renew(RenewRequest request, ServerCallContext context)
    {
        var peer = RequireNode(peerName(context));
        if (Elsewhere() is { } elsewhere)
            return Task.FromResult(new RenewReply { NotLeading = elsewhere });
        return Task.FromResult(request.Node == peer
            ? leases.Renew(request, peer)
            : new RenewReply { Reason = $"The caller's certificate is that of node '{peer}'; it cannot renew the lease of node '{request.Node}'." });
    }

    private NotLeading? Elsewhere()
    {
        var leadership = book.Leadership;
        return leadership.Leads ? null : new NotLeading { Leader = leadership.Leader, Address = book.Current.Nodes.GetValueOrDefault(leadership.Leader)?.Addresses?.Node ?? "" };
    }

    private string RequireNode(string? peer)
    {
        if (peer is not null && book.Current.Nodes.ContainsKey(peer))
            return peer;
        throw new RpcException(new Status(StatusCode.PermissionDenied, $"Node '{peer}' is not in the book of site '{book.Current.Site?.Name}' at index {book.Current.Index}. If it was removed, join it again with a new token and an empty data folder."));
    }

    private static async Task<T> AvailableAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (BookUnavailableException error)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, error.Message));
        }
    }
}

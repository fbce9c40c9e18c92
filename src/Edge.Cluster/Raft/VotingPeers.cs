using Edge.Cluster.Book;
using Edge.Messages.Site;
using Grpc.Core;

namespace Edge.Cluster.Raft;

/// <summary>The Voting service of other nodes over gRPC.</summary>
/// <param name="channels">The channel to a node by name; it resolves today's address and checks that the certificate carries the name.</param>
public sealed class VotingPeers(Func<string, CallInvoker> channels) : IVotingPeers
{
    /// <inheritdoc/>
    public Task<VoterReport> ReportAsync(string node, CancellationToken cancellation) =>
        Answer(node, Client(node).ReportAsync(new ReportRequest(), cancellationToken: cancellation), cancellation);

    /// <inheritdoc/>
    public Task<VoterReport> SeedAsync(string node, VoterListNotice notice, CancellationToken cancellation) =>
        Answer(node, Client(node).SeedAsync(notice, cancellationToken: cancellation), cancellation);

    /// <inheritdoc/>
    public Task<VoterReport> DismissAsync(string node, VoterListNotice notice, CancellationToken cancellation) =>
        Answer(node, Client(node).DismissAsync(notice, cancellationToken: cancellation), cancellation);

    /// <inheritdoc/>
    public Task<AuthorityHeld> HandAuthorityAsync(string node, AuthorityHandover handover, CancellationToken cancellation) =>
        Answer(node, Client(node).HandAuthorityAsync(handover, cancellationToken: cancellation), cancellation);

    /// <summary>How a voter asks the leader over the Membership service.</summary>
    public static BookForwarding Forwarding(Func<string, CallInvoker> channels)
    {
        ArgumentNullException.ThrowIfNull(channels);
        return new(
            (leader, request, cancellation) => Answer(leader, new Membership.MembershipClient(channels(leader)).AppendAsync(request, cancellationToken: cancellation), cancellation),
            (leader, request, cancellation) => Answer(leader, new Membership.MembershipClient(channels(leader)).BarrierAsync(request, cancellationToken: cancellation), cancellation));
    }

    private Voting.VotingClient Client(string node) => new(channels(node));

    private static async Task<T> Answer<T>(string node, AsyncUnaryCall<T> call, CancellationToken cancellation)
    {
        try
        {
            return await call.ResponseAsync.ConfigureAwait(false);
        }
        catch (RpcException refused)
        {
            cancellation.ThrowIfCancellationRequested();
            throw new BookUnavailableException($"{node}: {refused.Status.StatusCode} {refused.Status.Detail}", refused);
        }
    }
}

using Edge.Messages.Site;
using Grpc.Core;

namespace Edge.Cluster.Raft;

/// <summary>The Voting service over gRPC: hands every call to the node's <see cref="VoterSeat"/>. The transport has checked that the caller is a node of the site.</summary>
public sealed class VotingService(VoterSeat seat) : Voting.VotingBase
{
    /// <inheritdoc/>
    public override Task<VoterReport> Report(ReportRequest request, ServerCallContext context) => Task.FromResult(seat.Report());

    /// <inheritdoc/>
    public override Task<VoterReport> Seed(VoterListNotice request, ServerCallContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return seat.SeedAsync(request, context.CancellationToken);
    }

    /// <inheritdoc/>
    public override Task<VoterReport> Dismiss(VoterListNotice request, ServerCallContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return seat.DismissAsync(request, context.CancellationToken);
    }

    /// <inheritdoc/>
    public override Task<AuthorityHeld> HandAuthority(AuthorityHandover request, ServerCallContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return seat.HoldAuthorityAsync(request, context.CancellationToken);
    }
}

using Edge.Cluster.Transport;
using Edge.Cluster.Trust;
using Edge.Messages.Site;
using Grpc.Core;

namespace Edge.Cluster.Joining;

/// <summary>
/// Gives the site's authority to another voter, over mutual TLS. Whoever is no voter by this node's list is refused, so followers never hold it. Thread-safe.
/// </summary>
/// <param name="roster">Who votes.</param>
/// <param name="authority">The authority, if this node has it.</param>
public sealed class AuthorityService(PeerRoster roster, Func<SiteAuthority?> authority) : Authority.AuthorityBase
{
    private static readonly TimeSpan AnswersIn = TimeSpan.FromSeconds(3);

    /// <inheritdoc/>
    public override Task<AuthorityKey> Fetch(FetchAuthority request, ServerCallContext context)
    {
        var caller = PeerCaller.PeerName(context) ?? "";
        if (!roster.IsVoter(caller))
            throw new RpcException(new Status(StatusCode.PermissionDenied, $"Node '{caller}' does not vote; the site's authority is for voters only."));
        return authority() is { } held
            ? Task.FromResult(AuthorityKey.Parser.ParseFrom(held.Export()))
            : throw new RpcException(new Status(StatusCode.Unavailable, "This node does not hold the site's authority."));
    }

    /// <summary>Asks voters in turn; null if none of them has it now. A key that is not of the expected authority is not taken.</summary>
    /// <param name="channels">To the voters.</param>
    /// <param name="voters">Whom to ask.</param>
    /// <param name="identity">Who asks, and which authority it must be.</param>
    /// <param name="time">For the time that each has.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task<SiteAuthority?> FetchAsync(PeerChannels channels, IEnumerable<string> voters, NodeIdentity identity, TimeProvider time, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(channels);
        ArgumentNullException.ThrowIfNull(identity);
        ArgumentNullException.ThrowIfNull(time);
        foreach (var voter in voters.Where(voter => voter != identity.Name))
        {
            using var limit = new CancellationTokenSource(AnswersIn, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
            try
            {
                var key = await new Authority.AuthorityClient(channels.To(voter)).FetchAsync(new(), cancellationToken: either.Token);
                var fetched = SiteAuthority.Import(Google.Protobuf.MessageExtensions.ToByteArray(key));
                if (fetched?.Certificate.RawDataMemory.Span.SequenceEqual(identity.AuthorityCertificate.RawDataMemory.Span) == true)
                    return fetched;
                fetched?.Dispose();
            }
            catch (RpcException failure) when (failure.StatusCode is StatusCode.Unavailable or StatusCode.PermissionDenied || limit.IsCancellationRequested)
            {
                // The next one may have it; the caller asks again when the list of voters changes.
            }
        }
        return null;
    }
}

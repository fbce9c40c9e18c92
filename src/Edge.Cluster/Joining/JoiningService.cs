using System.Security.Cryptography;
using Edge.Cluster.Book;
using Edge.Cluster.Transport;
using Edge.Cluster.Trust;
using Edge.Messages.Book;
using Edge.Messages.Site;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace Edge.Cluster.Joining;

/// <summary>
/// Lets new nodes in: spends their token in the book and signs their certificate. Open to callers without a certificate, so it tells them nothing but the site's name and CA before the secret is
/// right. A node that does not hold the authority passes the request on to a voter, once. The same token and key are answered again, so a lost reply costs nothing. Thread-safe.
/// </summary>
/// <param name="identity">Who this node is.</param>
/// <param name="authority">The site's authority, if this node votes and has it; asked each time.</param>
/// <param name="book">The site's book.</param>
/// <param name="channels">To the voters.</param>
/// <param name="logger">For people.</param>
/// <param name="time">Wall clock of the command; the leader's decides.</param>
public sealed class JoiningService(NodeIdentity identity, Func<SiteAuthority?> authority, IBook book, PeerChannels channels, ILogger<JoiningService> logger, TimeProvider time) : Messages.Site.Joining.JoiningBase
{
    private const int RequestIdBytes = 16;

    private static readonly TimeSpan VoterAnswersIn = TimeSpan.FromSeconds(3);

    /// <inheritdoc/>
    public override Task<GreetReply> Greet(GreetRequest request, ServerCallContext context) => Task.FromResult(new GreetReply
    {
        Protocol = PeerProtocol.Version,
        CaCertificate = ByteString.CopyFrom(identity.AuthorityCertificate.RawData),
        SiteName = identity.SiteName,
        SiteId = identity.SiteId,
    });

    /// <inheritdoc/>
    public override async Task<JoinReply> Join(JoinRequest request, ServerCallContext context)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        if (JoinCheck.Form(request) is { } malformed)
            return Refused(request, malformed);
        if (authority() is not { } signer)
            return PeerCaller.PeerName(context) is null ? await PassOnAsync(request, context.CancellationToken) : throw Unavailable($"Node '{identity.Name}' does not hold the site's authority");
        try
        {
            // The state here may be behind: ask for the newest before an honest token is called unknown.
            var known = JoinCheck.Token(book.Current, request) is null ? null : JoinCheck.Token(await book.ReadAsync(context.CancellationToken), request);
            return known is null ? await AdmitAsync(signer, request, context.CancellationToken) : Refused(request, known);
        }
        catch (BookUnavailableException unavailable)
        {
            throw Unavailable(unavailable.Message);
        }
    }

    private async Task<JoinReply> AdmitAsync(SiteAuthority signer, JoinRequest request, CancellationToken cancellation)
    {
        var node = request.About?.Clone() ?? new NodeRecord();
        node.Name = request.Node;
        node.KeyFingerprint = ByteString.CopyFrom(Fingerprints.OfKey(JoinCheck.KeyOf(request)!));
        var outcome = await book.AppendAsync(
            new BookCommand
            {
                RequestId = ByteString.CopyFrom(RandomNumberGenerator.GetBytes(RequestIdBytes)),
                Who = $"token {request.TokenId}",
                TimeUs = (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond,
                Format = book.Current.Site?.Format ?? 0,
                AdmitNode = new AdmitNode { TokenId = request.TokenId, TokenHash = ByteString.CopyFrom(SHA256.HashData(request.TokenSecret.Span)), Node = node },
            },
            cancellation);
        if (outcome.Refusals.Count > 0)
            return Refused(request, [.. outcome.Refusals]);
        if (signer.Issue(request.CertificateRequest.ToByteArray(), request.Node) is not IssueOutcome.Issued issued)
            throw new InvalidOperationException($"The request of node '{request.Node}' was checked and cannot be signed.");
        logger.NodeJoined(request.Node, request.TokenId);
        var reply = new JoinReply
        {
            Certificate = ByteString.CopyFrom(issued.Der),
            CaCertificate = ByteString.CopyFrom(identity.AuthorityCertificate.RawData),
            SiteName = identity.SiteName,
            SiteId = identity.SiteId,
            Index = outcome.Index,
        };
        reply.Voters.Add(Voters().Select(voter => new VoterAddress { Name = voter, Address = AddressOf(voter) }));
        return reply;
    }

    private async Task<JoinReply> PassOnAsync(JoinRequest request, CancellationToken cancellation)
    {
        var reasons = new List<string>();
        foreach (var voter in Voters().Where(voter => voter != identity.Name))
        {
            // Not a gRPC deadline: that is a wall-clock time, and clocks here step.
            using var limit = new CancellationTokenSource(VoterAnswersIn, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
            try
            {
                return await new Messages.Site.Joining.JoiningClient(channels.To(voter)).JoinAsync(request, cancellationToken: either.Token);
            }
            catch (RpcException failure) when (failure.StatusCode is StatusCode.Unavailable || limit.IsCancellationRequested)
            {
                reasons.Add($"{voter} ({(limit.IsCancellationRequested ? "timed out" : failure.Status.Detail)})");
            }
        }
        throw Unavailable(reasons.Count == 0 ? $"Node '{identity.Name}' knows no voter yet" : $"No voter answered: {string.Join(", ", reasons)}");
    }

    // The leader first: another voter would only pass the command on to it.
    private IEnumerable<string> Voters() => new[] { book.Leadership.Leader }.Where(name => name.Length > 0).Concat(book.Current.Voters).Distinct();

    private string AddressOf(string voter) => channels.Directory.Of(voter) is [var first, ..] ? first.ToString() : "";

    private JoinReply Refused(JoinRequest request, params Refusal[] refusals)
    {
        logger.NodeRefused(NodeName.IsValid(request.Node) ? request.Node : "?", request.TokenId.Length <= 16 ? request.TokenId : request.TokenId[..16], string.Join(" ", refusals.Select(refusal => refusal.Message)));
        var reply = new JoinReply();
        reply.Refusals.Add(refusals);
        return reply;
    }

    private static RpcException Unavailable(string why) => new(new Status(StatusCode.Unavailable, why));
}

using System.Globalization;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Edge.Cluster.Transport;
using Edge.Cluster.Trust;
using Edge.Messages.Book;
using Edge.Messages.Site;
using Google.Protobuf;
using Grpc.Core;

namespace Edge.Cluster.Joining;

/// <summary>
/// Joins a site with a token: asks the addresses that the operator gave, and those that the LAN announces, until a node of the token's site answers; saves what it was given. The key is made and
/// saved before the token is spent, so that after a lost reply, or a restart, the same token gets the same answer. Asks for at most <see cref="Patience"/>.
/// </summary>
/// <param name="folder">Where the identity is kept.</param>
/// <param name="time">Time.</param>
public sealed class JoinClient(IdentityFolder folder, TimeProvider time)
{
    private const int AddressesMax = 64;

    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMilliseconds(500);

    /// <summary>How long to look for the site. Default 10 s.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Time for one address. Default 3 s.</summary>
    public TimeSpan AnswersIn { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Joins.</summary>
    /// <param name="token">The token.</param>
    /// <param name="about">What the node says of itself, with its name.</param>
    /// <param name="written">Addresses from <c>--site</c>; may be empty.</param>
    /// <param name="announced">Addresses of nodes of the token's site as the LAN announces them; ends when its token is cancelled.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<JoinOutcome> JoinAsync(JoinToken token, NodeRecord about, IReadOnlyList<NodeAddress> written, Func<CancellationToken, IAsyncEnumerable<NodeAddress>> announced, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(token);
        ArgumentNullException.ThrowIfNull(about);
        ArgumentNullException.ThrowIfNull(written);
        ArgumentNullException.ThrowIfNull(announced);
        if (!NodeName.IsValid(about.Name))
            return new JoinOutcome.Refused($"'{about.Name}' cannot be a node's name; allowed are {NodeName.Allowed}. Choose one with --name.");
        var key = folder.ReadOrMakeKey();
        var outcome = await SearchAsync(token, key, about, written, announced, cancellation);
        if (outcome is not JoinOutcome.Joined)
            key.Dispose();
        return outcome;
    }

    private async Task<JoinOutcome> SearchAsync(JoinToken token, NodeKey key, NodeRecord about, IReadOnlyList<NodeAddress> written, Func<CancellationToken, IAsyncEnumerable<NodeAddress>> announced, CancellationToken cancellation)
    {
        var tried = new Dictionary<NodeAddress, string>();
        using var limit = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            await foreach (var address in CandidatesAsync(written, announced, either.Token))
            {
                // The time may run out before it has answered.
                if (tried.Count < AddressesMax)
                    tried.TryAdd(address, "timed out");
                var (outcome, fault) = await AskAsync(address, token, key, about, either.Token);
                if (outcome is not null)
                    return outcome;
                if (tried.ContainsKey(address))
                    tried[address] = fault;
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // Told below.
        }
        cancellation.ThrowIfCancellationRequested();
        return new JoinOutcome.NobodyAnswered(Nobody(token, tried));
    }

    private async Task<(JoinOutcome? Outcome, string Fault)> AskAsync(NodeAddress address, JoinToken token, NodeKey key, NodeRecord about, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(AnswersIn, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            using var site = await JoinDialer.GreetAsync(address, token, AnswersIn, time, either.Token);
            if (site.Refusal is not null)
                return (new JoinOutcome.Refused(site.Refusal), "");
            if (site.Channel is null)
                return (null, site.Fault);
            var reply = await new Messages.Site.Joining.JoiningClient(site.Channel).JoinAsync(
                new JoinRequest
                {
                    Protocol = PeerProtocol.Version,
                    TokenId = token.Id,
                    TokenSecret = ByteString.CopyFrom(token.Secret.Span),
                    Node = about.Name,
                    CertificateRequest = ByteString.CopyFrom(key.Request(about.Name)),
                    About = about,
                },
                cancellationToken: either.Token);
            return (Take(reply, token, key, about), "");
        }
        catch (RpcException failure)
        {
            cancellation.ThrowIfCancellationRequested();
            return (null, limit.IsCancellationRequested ? "timed out" : failure.StatusCode == StatusCode.Unavailable ? failure.Status.Detail : $"{failure.StatusCode}: {failure.Status.Detail}");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return (null, "timed out");
        }
    }

    private JoinOutcome Take(JoinReply reply, JoinToken token, NodeKey key, NodeRecord about)
    {
        if (reply.Refusals.Count > 0)
            return new JoinOutcome.Refused(string.Join(" ", reply.Refusals.Select(refusal => refusal.Message)));
        var membership = new NodeMembership { Node = about.Name, Certificate = reply.Certificate, CaCertificate = reply.CaCertificate, SiteName = reply.SiteName, SiteId = reply.SiteId };
        if (!Fingerprints.OfCertificate(reply.CaCertificate.Span).AsSpan().SequenceEqual(token.AuthorityFingerprint.Span) || folder.Save(membership, key) is not { } identity)
            return new JoinOutcome.Refused($"Site '{token.SiteName}' admitted node '{about.Name}' but sent a certificate that does not fit its key. Run the same version of edge on all nodes, and join again.");
        var voters = new Dictionary<string, NodeAddress>(StringComparer.Ordinal);
        foreach (var voter in reply.Voters)
        {
            if (NodeAddress.TryParse(voter.Address, out var address))
                voters[voter.Name] = address;
        }
        return new JoinOutcome.Joined(identity, voters, reply.Index);
    }

    // What the operator wrote at once and again every half second, what the LAN announces as it comes.
    private async IAsyncEnumerable<NodeAddress> CandidatesAsync(IReadOnlyList<NodeAddress> written, Func<CancellationToken, IAsyncEnumerable<NodeAddress>> announced, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var found = Channel.CreateBounded<NodeAddress>(new BoundedChannelOptions(AddressesMax) { FullMode = BoundedChannelFullMode.DropOldest });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var listening = ListenAsync(announced, found.Writer, stop.Token);
        try
        {
            var known = new List<NodeAddress>(written);
            var next = found.Reader.ReadAsync(stop.Token).AsTask();
            while (true)
            {
                foreach (var address in known.ToArray())
                    yield return address;
                await Task.WhenAny(next, Task.Delay(AskAgainAfter, time, stop.Token));
                stop.Token.ThrowIfCancellationRequested();
                for (; next.IsCompletedSuccessfully; next = found.Reader.ReadAsync(stop.Token).AsTask())
                {
                    var address = await next;
                    if (!known.Contains(address) && known.Count < AddressesMax)
                        known.Insert(0, address);
                }
            }
        }
        finally
        {
            await stop.CancelAsync();
            await listening;
        }
    }

    private static async Task ListenAsync(Func<CancellationToken, IAsyncEnumerable<NodeAddress>> announced, ChannelWriter<NodeAddress> found, CancellationToken cancellation)
    {
        try
        {
            await foreach (var address in announced(cancellation))
                found.TryWrite(address);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The search is over.
        }
    }

    private string Nobody(JoinToken token, Dictionary<NodeAddress, string> tried)
    {
        var seconds = Patience.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture);
        return tried.Count == 0
            ? $"No node of site '{token.SiteName}' was found in {seconds} s: none announces itself on this LAN (multicast may be filtered). Check that a node of the site runs, or name one with --site HOST:{PeerProtocol.Port}."
            : $"No node of site '{token.SiteName}' answered in {seconds} s: {string.Join(", ", tried.Select(one => $"{one.Key} ({one.Value})"))}. Check that TCP {PeerProtocol.Port} is open between the nodes.";
    }
}

using System.Net;
using System.Net.Sockets;
using Edge.Cluster.Book;
using Edge.Cluster.Joining;
using Edge.Cluster.Tests.Transport;
using Edge.Cluster.Tests.Trust;
using Edge.Cluster.Transport;
using Edge.Cluster.Trust;
using Edge.Messages.Book;
using Edge.Messages.Site;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Edge.Cluster.Tests.Joining;

/// <summary>Joining over real sockets: site "plant" with its first node a, and a new node n with a token.</summary>
public sealed class JoiningTests : IAsyncLifetime, IDisposable
{
    private readonly TestSite _site = new();
    private readonly Admission _admission;
    private readonly CancellationTokenSource _patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private TestPeer _a = null!;

    public JoiningTests() => _admission = new(_site.Book);

    private CancellationToken Patience => _patience.Token;

    public async ValueTask InitializeAsync()
    {
        _patience.CancelAfter(TestPeer.Patience);
        _a = await JoiningPeerAsync(_site.First, _site.Book, () => _site.Authority);
    }

    [Fact]
    public async Task A_token_buys_a_certificate_with_which_the_node_is_let_in()
    {
        var joined = await JoinedAsync(_admission.NewToken());
        Assert.Equal(("n", "plant"), (joined.Identity.Name, joined.Identity.SiteName));
        Assert.Equal(joined.Identity.KeyFingerprint, _site.Book.Current.Nodes["n"].KeyFingerprint.ToByteArray());
        Assert.Equal("rpi4", _site.Book.Current.Nodes["n"].Labels["model"]);

        using var again = Assert.IsType<IdentityRead.Found>(_site.Folder("n").Read()).Identity;
        await using var n = await TestPeer.StartAsync(again, new TestBook(BookState.Empty));
        n.Knows(_a);
        var refused = await Assert.ThrowsAsync<RpcException>(() => n.AskWhoAsync("a", Patience));
        Assert.Equal(StatusCode.Unimplemented, refused.StatusCode); // past the gate: this site maps no Membership
    }

    [Fact]
    public async Task A_lost_reply_is_asked_for_again_and_the_answer_is_the_same()
    {
        await using var relay = new Relay(_a.Listener.EndPoint);
        _admission.OnceAdmitted = relay.Cut;
        var joined = await JoinedAsync(_admission.NewToken(), relay.Address);
        Assert.Equal("n", joined.Identity.Name);
        Assert.Equal(2, _site.Book.Appended.Count);
    }

    [Fact]
    public async Task A_node_that_restarts_between_token_and_certificate_spends_the_token_on_the_same_key()
    {
        var token = _admission.NewToken();
        using var key = _site.Folder("n").ReadOrMakeKey();
        _admission.Admit("n", key.Fingerprint, token);
        Assert.Equal(key.Fingerprint, (await JoinedAsync(token)).Identity.KeyFingerprint);
    }

    [Fact]
    public async Task A_follower_passes_the_request_on_to_a_voter()
    {
        var follower = _site.Node("b");
        await using var b = await JoiningPeerAsync(follower, _site.Book, () => null);
        b.Knows(_a);
        Assert.Equal("n", (await JoinedAsync(_admission.NewToken(), b.Address)).Identity.Name);
    }

    [Fact]
    public async Task A_follower_that_reaches_no_voter_says_whom_it_asked()
    {
        var follower = _site.Node("b");
        await using var b = await JoiningPeerAsync(follower, _site.Book, () => null);
        var nobody = Assert.IsType<JoinOutcome.NobodyAnswered>(await JoinAsync(_admission.NewToken(), TimeSpan.FromSeconds(3), b.Address));
        Assert.Contains("No voter answered: a (", nobody.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_spent_an_expired_and_an_unknown_token_and_a_taken_name_are_told_in_words()
    {
        var spent = _admission.NewToken();
        _admission.Admit("x", [1], spent);
        var expired = _admission.NewToken(expires: 1);
        var unknown = JoinToken.New(_site.Book.Current.Site!);
        Assert.Contains("spent", await RefusedAsync(spent), StringComparison.Ordinal);
        Assert.Contains("expired", await RefusedAsync(expired), StringComparison.Ordinal);
        Assert.Contains("edge token create --node", await RefusedAsync(unknown), StringComparison.Ordinal);
        Assert.Contains("taken", await RefusedAsync(_admission.NewToken(), name: "a"), StringComparison.Ordinal);
        Assert.Contains("a–z", await RefusedAsync(_admission.NewToken(), name: "Pi 1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_secret_never_reaches_the_log()
    {
        var token = _admission.NewToken();
        Assert.Contains("knows no join token", await RefusedAsync(token with { Secret = new byte[20] }), StringComparison.Ordinal);
        Assert.Empty(_site.Book.Appended);
    }

    [Fact]
    public async Task A_token_of_another_site_never_sends_its_secret()
    {
        using var other = new TestSite("lab");
        var nobody = Assert.IsType<JoinOutcome.NobodyAnswered>(await JoinAsync(JoinToken.New(other.Book.Current.Site!), TimeSpan.FromSeconds(3), _a.Address));
        Assert.Contains($"{_a.Address} (it is of site 'plant', the token of site 'lab')", nobody.Message, StringComparison.Ordinal);
        Assert.Empty(_site.Book.Appended);
    }

    [Fact]
    public async Task Whoever_shows_the_sites_CA_without_a_certificate_of_it_never_gets_the_secret()
    {
        using var other = new TestSite("thief");
        var heard = new List<JoinRequest>();
        await using var thief = await TestPeer.StartAsync(other.First, other.Book, services: services => services.AddSingleton(new Thief(_site.First, heard)), map: routes => routes.MapGrpcService<Thief>());
        var nobody = Assert.IsType<JoinOutcome.NobodyAnswered>(await JoinAsync(_admission.NewToken(), TimeSpan.FromSeconds(3), thief.Address));
        Assert.Contains("its certificate is not of site 'plant'", nobody.Message, StringComparison.Ordinal);
        Assert.Empty(heard);
    }

    [Fact]
    public async Task Each_address_that_was_tried_is_told_with_its_reason()
    {
        using var closed = new Socket(SocketType.Stream, ProtocolType.Tcp);
        closed.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using var silent = new Socket(SocketType.Stream, ProtocolType.Tcp);
        silent.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        silent.Listen();
        var (refuses, hangs) = (NodeAddress.Of((IPEndPoint)closed.LocalEndPoint!), NodeAddress.Of((IPEndPoint)silent.LocalEndPoint!));
        var client = new JoinClient(_site.Folder("n"), TimeProvider.System) { Patience = TimeSpan.FromSeconds(2), AnswersIn = TimeSpan.FromMilliseconds(300) };
        var nobody = Assert.IsType<JoinOutcome.NobodyAnswered>(await client.JoinAsync(_admission.NewToken(), About("n"), [refuses, hangs], Nothing, Patience));
        Assert.Equal($"No node of site 'plant' answered in 2 s: {refuses} (connection refused), {hangs} (timed out). Check that TCP 7400 is open between the nodes.", nobody.Message);
    }

    [Fact]
    public async Task With_no_address_at_all_the_words_name_the_option()
    {
        var nobody = Assert.IsType<JoinOutcome.NobodyAnswered>(await JoinAsync(_admission.NewToken(), TimeSpan.FromMilliseconds(200)));
        Assert.Contains("--site HOST:7400", nobody.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_announced_address_is_asked()
    {
        var client = new JoinClient(_site.Folder("n"), TimeProvider.System);
        var joined = Assert.IsType<JoinOutcome.Joined>(await client.JoinAsync(_admission.NewToken(), About("n"), [], Announced, Patience));
        joined.Identity.Dispose();

        async IAsyncEnumerable<NodeAddress> Announced([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
        {
            yield return _a.Address;
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
        }
    }

    [Fact]
    public void Another_protocol_version_is_told_who_must_be_upgraded()
    {
        var refusal = JoinCheck.Form(new JoinRequest { Protocol = 2, Node = "n" });
        Assert.Equal(RefusalReason.Invalid, refusal?.Reason);
        Assert.Contains("the joiner 2, the site 1", refusal!.Message, StringComparison.Ordinal);
        Assert.Contains("upgrade the site first", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_voter_gets_the_authority_and_a_follower_does_not()
    {
        var second = _site.Node("b");
        await using var b = await TestPeer.StartAsync(second, _site.Book);
        b.Knows(_a);
        Assert.Null(await AuthorityService.FetchAsync(b.Channels, ["a"], second, TimeProvider.System, Patience));
        _site.LetVote("a", "b");
        using var fetched = await AuthorityService.FetchAsync(b.Channels, ["a", "b"], second, TimeProvider.System, Patience);
        Assert.Equal(_site.Authority.Certificate.RawData, fetched?.Certificate.RawData);
    }

    public void Dispose()
    {
        _patience.Dispose();
        _site.Dispose();
    }

    public async ValueTask DisposeAsync() => await _a.DisposeAsync();

    private static async Task<TestPeer> JoiningPeerAsync(NodeIdentity identity, TestBook book, Func<SiteAuthority?> authority)
    {
        TestPeer? peer = null;
        return peer = await TestPeer.StartAsync(
            identity, book,
            services: services => services
                .AddSingleton(provider => new JoiningService(identity, authority, book, peer!.Channels, provider.GetRequiredService<ILogger<JoiningService>>(), TimeProvider.System))
                .AddSingleton(new AuthorityService(PeerRoster.Of(() => book.Current), authority)),
            map: routes => { routes.MapGrpcService<JoiningService>(); routes.MapGrpcService<AuthorityService>(); });
    }

    private async Task<JoinOutcome.Joined> JoinedAsync(JoinToken token, NodeAddress? at = null)
    {
        var outcome = await JoinAsync(token, TimeSpan.FromSeconds(10), at ?? _a.Address);
        var joined = outcome as JoinOutcome.Joined;
        Assert.True(joined is not null, $"{outcome}");
        joined.Identity.Dispose();
        return joined;
    }

    private async Task<string> RefusedAsync(JoinToken token, string name = "n")
    {
        var client = new JoinClient(_site.Folder("n"), TimeProvider.System);
        return Assert.IsType<JoinOutcome.Refused>(await client.JoinAsync(token, About(name), [_a.Address], Nothing, Patience)).Message;
    }

    private Task<JoinOutcome> JoinAsync(JoinToken token, TimeSpan patience, params NodeAddress[] at) =>
        new JoinClient(_site.Folder("n"), TimeProvider.System) { Patience = patience }.JoinAsync(token, About("n"), at, Nothing, Patience);

    private static NodeRecord About(string name) => new() { Name = name, Labels = { ["model"] = "rpi4" } };

    private static async IAsyncEnumerable<NodeAddress> Nothing([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
        yield break;
    }

    /// <summary>Knows the site's CA certificate, as anybody may, and asks for secrets.</summary>
    private sealed class Thief(NodeIdentity pretends, List<JoinRequest> heard) : Messages.Site.Joining.JoiningBase
    {
        public override Task<GreetReply> Greet(GreetRequest request, ServerCallContext context) =>
            Task.FromResult(new GreetReply { Protocol = PeerProtocol.Version, CaCertificate = ByteString.CopyFrom(pretends.AuthorityCertificate.RawData), SiteName = pretends.SiteName });

        public override Task<JoinReply> Join(JoinRequest request, ServerCallContext context)
        {
            heard.Add(request);
            return Task.FromResult(new JoinReply());
        }
    }

    /// <summary>What the book's state machine does with tokens and names, on a book in memory.</summary>
    private sealed class Admission
    {
        private readonly TestBook _book;
        private ulong _index = 10;

        public Admission(TestBook book)
        {
            _book = book;
            book.OnAppend = Apply;
        }

        public Action? OnceAdmitted { get; set; }

        public JoinToken NewToken(long expires = 0)
        {
            var token = JoinToken.New(_book.Current.Site!);
            var record = token.Record("admin", DateTimeOffset.UnixEpoch);
            record.ExpiresUs = expires;
            _book.Change(state => state with { Tokens = state.Tokens.SetItem(token.Id, record) });
            return token;
        }

        public void Admit(string node, byte[] key, JoinToken token) => Apply(new BookCommand
        {
            AdmitNode = new AdmitNode { TokenId = token.Id, TokenHash = ByteString.CopyFrom(token.SecretHash), Node = new NodeRecord { Name = node, KeyFingerprint = ByteString.CopyFrom(key) } },
        });

        private BookOutcome Apply(BookCommand command)
        {
            var (token, node) = (_book.Current.Tokens[command.AdmitNode.TokenId], command.AdmitNode.Node);
            if (token.SpentByKey.Length > 0 && token.SpentByKey != node.KeyFingerprint)
                return Refuse(RefusalReason.TokenSpent, "The token was spent.");
            if (token.ExpiresUs > 0)
                return Refuse(RefusalReason.TokenExpired, "The token has expired.");
            if (_book.Current.Nodes.TryGetValue(node.Name, out var there) && there.KeyFingerprint != node.KeyFingerprint)
                return Refuse(RefusalReason.NameTaken, $"The name '{node.Name}' is taken.");
            var spent = token.Clone();
            (spent.SpentByKey, spent.SpentByNode) = (node.KeyFingerprint, node.Name);
            _book.Change(state => state with { Nodes = state.Nodes.SetItem(node.Name, node), Tokens = state.Tokens.SetItem(spent.Id, spent) });
            (var once, OnceAdmitted) = (OnceAdmitted, null);
            once?.Invoke();
            return new BookOutcome { Index = ++_index };
        }

        private static BookOutcome Refuse(RefusalReason reason, string message) => new() { Refusals = { new Refusal { Reason = reason, Message = message } } };
    }
}

using System.CommandLine;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Edge.Cluster.Trust;
using Edge.Messages.Book;
using Edge.Messages.Modules;
using Edge.Node.Admin;
using Edge.Node.Admin.Access;
using Edge.Node.Admin.Watch;
using Edge.Node.Cli;
using Edge.Node.Storage;
using Google.Protobuf;

namespace Edge.Node.Tests.Admin;

/// <summary>A real admin server (Kestrel, TCP) over a book of one process, with two nodes in it and a tenant <c>acme</c>. Removed when disposed.</summary>
internal sealed class AdminFixture : IAsyncDisposable
{
    public const string ThisNode = "pi-1";
    public const string OtherNode = "pi-2";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("edge-admin-");
    private readonly List<HttpClient> _clients = [];

    private AdminFixture()
    {
        Modules = ModuleBlobs.Open(Path.Combine(_folder.FullName, "blobs"));
    }

    public LocalBook Book { get; } = new();

    public Board Nodes { get; } = new();

    public ModuleBlobs Modules { get; }

    public AdminServer Server { get; private set; } = null!;

    public AdminSite? Site { get; set; }

    /// <summary>The data folder, with the local token.</summary>
    public string Data => _folder.FullName;

    public string LocalTokenText => File.ReadAllText(Path.Combine(Data, LocalToken.FileName));

    /// <summary>A client with the local token.</summary>
    public HttpClient Http { get; private set; } = null!;

    public static async Task<AdminFixture> StartAsync(TimeProvider? time = null, X509Certificate2? certificate = null, X509Certificate2? authority = null, TimeSpan? heartbeat = null)
    {
        var fixture = new AdminFixture();
        fixture.Found(authority);
        var options = new AdminServerOptions
        {
            EndPoint = new IPEndPoint(IPAddress.Loopback, 0),
            HttpsOnLoopback = certificate is not null,
            Certificate = certificate is null ? null : () => certificate,
            Authority = authority is null ? null : () => authority,
            WatchHeartbeat = heartbeat ?? TimeSpan.FromSeconds(15),
        };
        var pages = new AdminPages(() => NodeHealth.Starting, () => new StatusView("0.1.0", 1, "ok", "", 0, null, [], []), () => "{}");
        fixture.Server = await AdminServer.StartAsync(options, pages, () => fixture.Site, time ?? TimeProvider.System);
        var local = LocalToken.Write(fixture.Data, fixture.Server.LocalUrl, authority is null ? null : Convert.ToHexStringLower(Fingerprints.OfCertificate(authority.RawDataMemory.Span)));
        fixture.Site = new(fixture.Book, fixture.Modules, fixture.Nodes, local, new ResourceHistory(fixture.Book));
        fixture.Http = fixture.Client(fixture.LocalTokenText);
        return fixture;
    }

    /// <summary>A client with a token, or with none.</summary>
    public HttpClient Client(string? token)
    {
        var client = new HttpClient { BaseAddress = Server.LocalUrl };
        if (token is not null) client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        _clients.Add(client);
        return client;
    }

    /// <summary>A client with a new person's token.</summary>
    public HttpClient As(Role role, string tenant = "", string name = "someone") => Client(Token(role, tenant, name).Text());

    /// <summary>A new person's token, in the book.</summary>
    public PersonToken Token(Role role, string tenant = "", string name = "someone", long expiresUs = 0)
    {
        var token = PersonToken.New();
        Book.Must(new BookCommand
        {
            Who = "site",
            IssueToken = new IssueToken { Token = new TokenRecord { Id = token.Id, Hash = ByteString.CopyFrom(token.SecretHash), Purpose = TokenPurpose.Person, Role = role, Tenant = tenant, Name = name, ExpiresUs = expiresUs } },
        });
        return token;
    }

    /// <summary>Takes module bytes in.</summary>
    public async Task<ModuleDigest> UploadAsync(byte[] wasm)
    {
        var digest = ModuleDigest.Of(wasm);
        await Modules.PutAsync(digest, new MemoryStream(wasm), TestContext.Current.CancellationToken);
        return digest;
    }

    /// <summary>Sends JSON and reads JSON.</summary>
    public static async Task<(HttpStatusCode Code, JsonElement Body)> SendAsync(HttpClient client, HttpMethod method, string path, object? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        request.Headers.ExpectContinue = body is not null;
        if (body is not null) request.Content = body is byte[] bytes ? new ByteArrayContent(bytes) : new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return (answer.StatusCode, text.StartsWith('{') ? JsonDocument.Parse(text).RootElement : default);
    }

    public Task<(HttpStatusCode Code, JsonElement Body)> GetAsync(string path) => SendAsync(Http, HttpMethod.Get, path);

    /// <summary>Applies manifests as one file, <c>site.yaml</c>.</summary>
    public Task<(HttpStatusCode Code, JsonElement Body)> ApplyAsync(string yaml, HttpClient? client = null, object? more = null) => SendAsync(client ?? Http, HttpMethod.Post, "api/v1/apply", Submitted(yaml, more));

    /// <summary>A request with one file, <c>site.yaml</c>.</summary>
    public static Dictionary<string, object> Submitted(string yaml, object? more = null)
    {
        var request = new Dictionary<string, object> { ["files"] = new[] { new { name = "site.yaml", text = yaml } } };
        foreach (var property in more?.GetType().GetProperties() ?? []) request[property.Name] = property.GetValue(more)!;
        return request;
    }

    /// <summary>Runs a command line of <c>edge</c> in this process, against this server by the files of its data folder.</summary>
    public async Task<(int Code, string Output, string Errors)> EdgeAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var code = await Patience.For(EdgeCli.RunAsync([.. arguments, "--data", Data], new InvocationConfiguration { Output = output, Error = errors, ProcessTerminationTimeout = null }), $"edge {string.Join(' ', arguments)}");
        return (code, output.ToString(), errors.ToString());
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients) client.Dispose();
        await Server.DisposeAsync();
        Site?.History.Dispose();
        _folder.Delete(recursive: true);
    }

    private void Found(X509Certificate2? authority)
    {
        var site = new SiteRecord { Id = ByteString.CopyFrom(new byte[16]), Name = "plant", Incarnation = 1, Format = 1, CaFingerprint = ByteString.CopyFrom(authority is null ? new byte[32] : Fingerprints.OfCertificate(authority.RawDataMemory.Span)) };
        if (authority is not null) site.CaCertificate = ByteString.CopyFrom(authority.RawData);
        Book.Must(new BookCommand { Who = "site", FoundSite = new FoundSite { Site = site, Node = Node(ThisNode), Admin = new TokenRecord { Id = "00000000", Hash = ByteString.CopyFrom(new byte[32]), Purpose = TokenPurpose.Person, Role = Role.Admin, Name = "first" } } });
        var join = JoinToken.New(site);
        Book.Must(new BookCommand { Who = "site", IssueToken = new IssueToken { Token = join.Record("site", DateTimeOffset.UnixEpoch) } });
        Book.Must(new BookCommand { Who = "site", AdmitNode = new AdmitNode { TokenId = join.Id, TokenHash = ByteString.CopyFrom(join.SecretHash), Node = Node(OtherNode) } });
        Book.Must(new BookCommand { Who = "site", NameVoters = new NameVoters { Voters = { ThisNode } } });
        Book.Must(new BookCommand { Who = "site", ChangeMembers = new ChangeMembers { Joined = { new MemberJoined { Node = ThisNode, Member = "m1" }, new MemberJoined { Node = OtherNode, Member = "m2" } } } });
        Book.Must(new BookCommand
        {
            Who = "site",
            ApplyResources = new ApplyResources { Edits = { new ResourceEdit { Resource = new Resource { Kind = "Tenant", Name = "acme", Document = ByteString.CopyFromUtf8("""{"apiVersion":"edge/v1","kind":"Tenant","metadata":{"name":"acme"},"spec":{"capabilities":["log"]}}""") } } } },
        });
    }

    private static NodeRecord Node(string name) => new()
    {
        Name = name,
        KeyFingerprint = ByteString.CopyFrom(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(name))),
        Version = "0.1.0",
        FormatMax = 1,
        MayVote = true,
        Labels = { ["arch"] = "arm64" },
        Addresses = new Addresses { Node = $"{name}:7400" },
    };

    /// <summary>What the leader would see.</summary>
    internal sealed class Board : INodeBoard
    {
        public Dictionary<string, NodeSight> Sights { get; } = new(StringComparer.Ordinal)
        {
            [ThisNode] = new(TimeSpan.FromMilliseconds(900), 7, TimeSpan.FromMilliseconds(-12), 0.25, 96 << 20, 3, 2, TimeSpan.FromMilliseconds(4)),
        };

        public Task<IReadOnlyDictionary<string, NodeSight>> LookAsync(CancellationToken cancellation) => Task.FromResult<IReadOnlyDictionary<string, NodeSight>>(Sights);
    }
}

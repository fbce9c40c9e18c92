using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Edge.Cluster.Book;
using Edge.Cluster.Trust;
using Edge.Messages.Book;
using Edge.Messages.Site;
using Google.Protobuf;

namespace Edge.Cluster.Tests.Trust;

/// <summary>A site in a temporary folder: its authority, nodes with true identities, and what each may read in the book.</summary>
internal sealed class TestSite : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("edge-site-").FullName;
    private readonly List<IDisposable> _owned = [];
    private readonly FoundedSite _founded;

    public TestSite(string name = "plant", string first = "a")
    {
        _founded = Folder(first).Found(name, first);
        Book = new TestBook(new BookState
        {
            Site = new SiteRecord { Id = _founded.Identity.SiteId, Name = name, Incarnation = 1, CaFingerprint = ByteString.CopyFrom(_founded.Identity.AuthorityFingerprint), CaCertificate = ByteString.CopyFrom(_founded.Identity.AuthorityCertificate.RawData) },
            Voters = [first],
        });
        _owned.Add(_founded.Identity);
        _owned.Add(_founded.Authority);
        List(_founded.Identity);
    }

    public TestBook Book { get; }

    public NodeIdentity First => _founded.Identity;

    public SiteAuthority Authority => _founded.Authority;

    public PeerTrust Trust => new(First.AuthorityCertificate, PeerRoster.Of(() => Book.Current));

    public IdentityFolder Folder(string node) => new(Path.Combine(_folder, node));

    public string PathOf(string node, string file) => Path.Combine(_folder, node, file);

    /// <summary>A node with a certificate of the site; in the book if it is listed.</summary>
    public NodeIdentity Node(string name, bool listed = true)
    {
        var folder = Folder(name);
        var key = folder.ReadOrMakeKey();
        var issued = Assert.IsType<IssueOutcome.Issued>(Authority.Issue(key.Request(name), name));
        return Own(name, key, issued.Der, listed);
    }

    /// <summary>A node whose certificate the site signed with dates of its own.</summary>
    public NodeIdentity NodeWithDates(string name, DateTimeOffset from, DateTimeOffset to)
    {
        var key = Folder(name).ReadOrMakeKey();
        using var authority = ECDsa.Create();
        authority.ImportPkcs8PrivateKey(AuthorityKey.Parser.ParseFrom(Authority.Export()).PrivateKey.Span, out _);
        var request = new CertificateRequest(new X500DistinguishedName($"CN={name}"), SiteAuthority.KeyOf(key.Request(name))!, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new("1.3.6.1.5.5.7.3.1"), new("1.3.6.1.5.5.7.3.2")], critical: false));
        using var certificate = request.Create(Authority.Certificate.SubjectName, X509SignatureGenerator.CreateForECDsa(authority), from, to, [1, 2, 3]);
        return Own(name, key, certificate.RawData, listed: true);
    }

    public void List(NodeIdentity node) => Book.Change(state => state with { Nodes = state.Nodes.SetItem(node.Name, new NodeRecord { Name = node.Name, KeyFingerprint = ByteString.CopyFrom(node.KeyFingerprint) }) });

    public void Remove(string node) => Book.Change(state => state with { Nodes = state.Nodes.Remove(node), Voters = state.Voters.Remove(node) });

    public void LetVote(params string[] nodes) => Book.Change(state => state with { Voters = [.. nodes] });

    public void Dispose()
    {
        foreach (var owned in _owned)
            owned.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private NodeIdentity Own(string name, NodeKey key, byte[] certificate, bool listed)
    {
        var identity = Folder(name).Save(
            new NodeMembership { Node = name, Certificate = ByteString.CopyFrom(certificate), CaCertificate = ByteString.CopyFrom(Authority.Certificate.RawData), SiteName = First.SiteName, SiteId = First.SiteId }, key);
        Assert.NotNull(identity);
        _owned.Add(identity);
        if (listed)
            List(identity);
        return identity;
    }
}

/// <summary>A book in memory: what the log below would have applied. Appends are answered by the function that a test gives.</summary>
internal sealed class TestBook(BookState start) : IBook
{
    private readonly Lock _gate = new();
    private ImmutableList<Action<BookChange>> _watchers = [];

    public BookState Current { get; private set; } = start;

    public BookLeadership Leadership { get; set; } = new(false, 0, "");

    public Func<BookCommand, BookOutcome> OnAppend { get; set; } = _ => new BookOutcome { Index = 1 };

    public List<BookCommand> Appended { get; } = [];

    public IDisposable Watch(Action<BookChange> onChange)
    {
        _watchers = _watchers.Add(onChange);
        return new Ended(() => _watchers = _watchers.Remove(onChange));
    }

    public Task<BookOutcome> AppendAsync(BookCommand command, CancellationToken cancellation)
    {
        lock (_gate)
        {
            Appended.Add(command);
            return Task.FromResult(OnAppend(command));
        }
    }

    public Task<BookState> ReadAsync(CancellationToken cancellation) => Task.FromResult(Current);

    public void Change(Func<BookState, BookState> change)
    {
        var before = Current;
        Current = change(before);
        foreach (var watcher in _watchers)
            watcher(new(before, Current, null));
    }

    private sealed class Ended(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}

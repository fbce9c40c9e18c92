using Edge.Cluster.Book;
using Edge.Messages.Book;
using Google.Protobuf;

namespace Edge.Cluster.Tests.Book;

/// <summary>Writes a book command by command, as a log would, and keeps the commands.</summary>
internal sealed class BookScript(byte run = 0)
{
    private readonly List<(ulong Index, BookCommand Command)> _entries = [];

    public BookState State { get; set; } = BookState.Empty;

    public IReadOnlyList<(ulong Index, BookCommand Command)> Entries => _entries;

    public ulong NextIndex { get; set; } = 1;

    /// <summary>A site of the given nodes, each with the key <c>key-NAME</c>, of which the first founded it.</summary>
    public static BookScript Site(params string[] nodes)
    {
        var script = new BookScript();
        script.Do(Founding(nodes[0]));
        foreach (var node in nodes.Skip(1))
        {
            script.Do(Issue($"for-{node}"));
            script.Do(Admit($"for-{node}", node));
        }
        return script;
    }

    /// <summary>The same with a member <c>m-NODE</c> on each node.</summary>
    public static BookScript Running(params string[] nodes)
    {
        var script = Site(nodes);
        script.Do(new BookCommand { ChangeMembers = new ChangeMembers { Joined = { nodes.Select(node => new MemberJoined { Node = node, Member = $"m-{node}" }) } } });
        return script;
    }

    /// <summary>Carries a command out and expects no refusal.</summary>
    public BookOutcome Do(BookCommand command)
    {
        var outcome = Try(command);
        Assert.True(outcome.Refusals.Count == 0, $"Refused: {outcome}");
        return outcome;
    }

    /// <summary>Carries a command out, with a request id of its own if it has none.</summary>
    public BookOutcome Try(BookCommand command)
    {
        if (command.RequestId.IsEmpty)
            command.RequestId = ByteString.CopyFrom([.. BitConverter.GetBytes(NextIndex), run]);
        (State, var outcome) = BookMachine.Apply(State, NextIndex, command);
        _entries.Add((NextIndex++, command));
        return outcome;
    }

    /// <summary>Expects one refusal of a kind, and that the book stays as it was.</summary>
    public Refusal Refused(RefusalReason reason, BookCommand command)
    {
        var before = State;
        var refusal = Assert.Single(Try(command).Refusals);
        Assert.True(refusal.Reason == reason, $"Expected {reason}: {refusal}");
        Assert.NotEmpty(refusal.Subject);
        Assert.Equal(before with { Index = 0, Remembered = State.Remembered, RememberedOrder = State.RememberedOrder }, State with { Index = 0 });
        return refusal;
    }

    public static ByteString Key(string node) => ByteString.CopyFromUtf8($"key-{node}");

    public static ByteString Hash(string token) => ByteString.CopyFromUtf8($"hash-{token}");

    public static NodeRecord Node(string name, string? key = null) => new()
    {
        Name = name,
        KeyFingerprint = key is null ? Key(name) : Key(key),
        MayVote = true,
        FormatMax = BookFormat.Current,
        Version = "1",
        Labels = { ["model"] = "rpi4", ["arch"] = "arm64" },
        Addresses = new Addresses { Node = $"{name}:7400" },
    };

    public static BookCommand Founding(string node) => new()
    {
        Who = "site",
        FoundSite = new FoundSite
        {
            Site = new SiteRecord { Id = ByteString.CopyFromUtf8("0123456789abcdef"), Name = "plant", Format = 1, Incarnation = 1 },
            Node = Node(node),
            Admin = new TokenRecord { Id = "admin", Hash = Hash("admin"), Purpose = TokenPurpose.Person, Role = Role.Admin, Name = "first" },
        },
    };

    public static BookCommand Issue(string token, long expires = 0) =>
        new() { Who = "ada", IssueToken = new IssueToken { Token = new TokenRecord { Id = token, Hash = Hash(token), Purpose = TokenPurpose.Node, ExpiresUs = expires } } };

    public static BookCommand Admit(string token, string node, string? key = null, long at = 0) =>
        new() { TimeUs = at, Who = node, AdmitNode = new AdmitNode { TokenId = token, TokenHash = Hash(token), Node = Node(node, key) } };

    public static ResourceEdit Edit(string kind, string tenant, string name, string document = "{}", ulong expected = 0) =>
        new() { Resource = new Resource { Kind = kind, Tenant = tenant, Name = name, Document = ByteString.CopyFromUtf8(document) }, ExpectedVersion = expected };

    public static BookCommand Apply(params ResourceEdit[] edits) => new() { Who = "ada", ApplyResources = new ApplyResources { Edits = { edits } } };

    public static BookCommand Place(string identity, string node, Epoch? expected = null, string standby = "") =>
        new() { PlaceActors = new PlaceActors { Edits = { new PlacementEdit { Placement = Placement(identity, node, standby), Expected = expected } } } };

    public static Placement Placement(string identity, string node, string standby = "") =>
        new() { Kind = "channel", Identity = identity, Node = node, Member = node.Length == 0 ? "" : $"m-{node}", Standby = standby };

    public Placement Placed(string identity) => State.Placements[new ActorName("channel", identity)];

    public static byte[] Bytes(BookState state) => BookSnapshots.Write(state).ToByteArray();
}

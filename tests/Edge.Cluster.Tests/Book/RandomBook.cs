using Edge.Cluster.Book;
using Edge.Messages.Book;
using Google.Protobuf;

namespace Edge.Cluster.Tests.Book;

/// <summary>Turns rolls into commands over few names, most of them such that they may be carried out in the state at hand.</summary>
internal static class RandomBook
{
    private static readonly string[] Nodes = ["n1", "n2", "n3", "n4"];
    private static readonly string[] Tokens = ["t1", "t2", "t3", "t4", "t5"];
    private static readonly string[] Tenants = ["acme", "beta", "default"];
    private static readonly string[] Actors = ["a", "b", "c", "d", "e"];

    public static BookScript Write(IReadOnlyList<int> rolls, Action<BookState, BookCommand, BookState, BookOutcome>? check = null)
    {
        var script = new BookScript();
        Do(script, BookScript.Founding("n1"), check);
        foreach (var roll in rolls)
        {
            var random = new Random(roll);
            // Holes, as the log's own entries leave them.
            script.NextIndex += (ulong)random.Next(2);
            var command = random.Next(20) == 0 ? script.Entries[random.Next(script.Entries.Count)].Command : Command(random, script.State);
            Do(script, command, check);
        }
        return script;
    }

    private static void Do(BookScript script, BookCommand command, Action<BookState, BookCommand, BookState, BookOutcome>? check)
    {
        var before = script.State;
        var outcome = script.Try(command);
        check?.Invoke(before, command, script.State, outcome);
    }

    private static BookCommand Command(Random random, BookState state) => random.Next(18) switch
    {
        0 => BookScript.Issue(Pick(random, Tokens), random.Next(2) * random.Next(2000)),
        1 => new BookCommand { RevokeToken = new RevokeToken { Id = Pick(random, Tokens) } },
        2 or 3 => BookScript.Admit(Pick(random, Tokens), Pick(random, Nodes), random.Next(4) == 0 ? Pick(random, Nodes) : null, random.Next(1000)),
        4 => new BookCommand { UpdateNode = new UpdateNode { Node = Update(random) } },
        5 => random.Next(5) > 0 ? new BookCommand() : new BookCommand { RemoveNode = new RemoveNode { Name = Pick(random, Nodes) } },
        6 => new BookCommand { CordonNode = random.Next(2) == 0 ? new CordonNode { Name = Pick(random, Nodes) } : new CordonNode { Name = Pick(random, Nodes), Reason = "x", Drain = random.Next(2) == 0 } },
        7 => BookScript.Apply([.. Some(random, () => random.Next(3) == 0 ? BookScript.Edit("Tenant", "", Pick(random, Tenants)) : BookScript.Edit("Channel", Pick(random, Tenants), Pick(random, Actors), $"{random.Next(3)}", random.Next(4) == 0 ? state.Index : 0))]),
        8 => new BookCommand { DeleteResources = new DeleteResources { Keys = { Some(random, () => Existing(random, state)) } } },
        9 => Members(random, state),
        10 or 11 or 12 => new BookCommand { PlaceActors = new PlaceActors { Lead = Lead(random, state), Edits = { Some(random, () => Edit(random, state)) }, Retired = { Some(random, () => new ActorId { Kind = "channel", Identity = Pick(random, Actors) }).Take(random.Next(8) == 0 ? 1 : 0) } } },
        13 or 14 or 15 => Release(random, state),
        16 => new BookCommand { ChangeKey = new ChangeKey { Key = new TrustedKey { Tenant = Pick(random, Tenants), Name = Pick(random, Actors), PublicKey = BookScript.Key("k"), Revoked = random.Next(3) == 0 } } },
        _ => random.Next(7) switch
        {
            6 => new BookCommand { TakeLead = new TakeLead { Node = Pick(random, Nodes), LeaseMs = 1000, ExpiryMs = (uint)random.Next(900, 2000), SettledLead = random.Next(2) == 0 ? 0 : state.Lead?.Index ?? 0 } },
            0 or 1 or 2 => new BookCommand { NameVoters = new NameVoters { Voters = { Some(random, () => Pick(random, Nodes)) } } },
            3 or 4 => new BookCommand { RaiseFormat = new RaiseFormat { Format = (uint)random.Next(3) } },
            _ => new BookCommand { BeginIncarnation = new BeginIncarnation { Incarnation = (state.Site?.Incarnation ?? 0) + (uint)random.Next(2), Reason = "restored", Nodes = { state.Nodes.Keys.Where(_ => random.Next(3) > 0) } } },
        },
    };

    private static NodeRecord Update(Random random)
    {
        var node = BookScript.Node(Pick(random, Nodes));
        (node.Version, node.Witness, node.MayVote) = ($"{random.Next(3)}", random.Next(8) == 0, random.Next(3) > 0);
        return node;
    }

    private static BookCommand Members(Random random, BookState state)
    {
        var change = new ChangeMembers { Lead = Lead(random, state), Placements = { Some(random, () => Placement(random, state)).Take(random.Next(2)) } };
        var name = Pick(random, Nodes);
        if (state.Nodes.GetValueOrDefault(name)?.Member is { } member && random.Next(3) > 0)
            change.Left.Add(new MemberLeft { Node = name, Member = member.Id, Reason = "lease expired" });
        if (random.Next(3) > 0)
            change.Joined.Add(new MemberJoined { Node = name, Member = $"m-{name}-{state.Index}" });
        return new BookCommand { ChangeMembers = change };
    }

    private static Placement Placement(Random random, BookState state)
    {
        var members = state.Nodes.Values.Where(node => node.Member is not null).Select(node => node.Name).ToArray();
        var name = random.Next(8) == 0 || members.Length == 0 ? Pick(random, Nodes) : Pick(random, members);
        var placement = BookScript.Placement(Pick(random, Actors), random.Next(5) == 0 ? "" : name, random.Next(3) == 0 ? Pick(random, Nodes) : "");
        if (placement.Node.Length > 0 && state.Nodes.GetValueOrDefault(name)?.Member is { } member)
            placement.Member = member.Id;
        if (random.Next(6) == 0)
            placement.MovingTo = Pick(random, Nodes);
        return placement;
    }

    private static PlacementEdit Edit(Random random, BookState state)
    {
        var placement = Placement(random, state);
        return new PlacementEdit { Placement = placement, Expected = random.Next(8) == 0 ? null : state.Placements.GetValueOrDefault(ActorName.Of(placement))?.Epoch, KeepsOwner = random.Next(4) == 0 };
    }

    private static ResourceKey Existing(Random random, BookState state)
    {
        var ids = state.Resources.Keys.OrderBy(id => id.ToString(), StringComparer.Ordinal).ToList();
        var id = ids.Count == 0 ? new ResourceId("Channel", "acme", "a") : ids[random.Next(ids.Count)];
        return new ResourceKey { Kind = id.Kind, Tenant = id.Tenant, Name = id.Name, ExpectedVersion = random.Next(4) == 0 ? state.Index : 0 };
    }

    private static BookCommand Release(Random random, BookState state)
    {
        var owned = state.Placements.Values.Where(placement => placement.Member.Length > 0).Select(placement => placement.Identity).Order(StringComparer.Ordinal).ToArray();
        var identity = Pick(random, owned.Length == 0 || random.Next(4) == 0 ? Actors : owned);
        var present = state.Placements.GetValueOrDefault(new ActorName("channel", identity));
        return new BookCommand { ReportReleased = new ReportReleased { Actor = new ActorId { Kind = "channel", Identity = identity }, Epoch = random.Next(4) == 0 ? null : present?.Epoch, Member = present?.Member ?? "" } };
    }

    private static ulong Lead(Random random, BookState state) => random.Next(10) == 0 ? state.Index : state.Lead?.Index ?? 0;

    private static string Pick(Random random, string[] from) => from[random.Next(from.Length)];

    private static List<T> Some<T>(Random random, Func<T> make) => [.. Enumerable.Range(0, 1 + (random.Next(9) / 3 * random.Next(2))).Select(_ => make())];
}

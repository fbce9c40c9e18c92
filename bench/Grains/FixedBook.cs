using Edge.Cluster.Book;
using Edge.Messages.Book;

namespace Edge.Bench.Grains;

/// <summary>A book of two members that never changes: nodes <c>a</c> and <c>b</c>, 64 actors placed on each.</summary>
internal sealed class FixedBook : IBook
{
    public BookState Current { get; private set; } = BookState.Empty;

    public BookLeadership Leadership { get; } = new(false, 0, "");

    /// <summary>Name of an actor on a node.</summary>
    public static string Actor(string node, int number) => $"{node}{number}";

    /// <summary>Writes it, once, before anybody joins.</summary>
    public void Write(string memberOfA, string memberOfB) => Current = BookState.Empty with
    {
        Index = 1,
        Nodes = Current.Nodes.Add("a", Node("a", memberOfA)).Add("b", Node("b", memberOfB)),
        Placements = Current.Placements.AddRange(Placed("a", memberOfA).Concat(Placed("b", memberOfB))),
    };

    public IDisposable Watch(Action<BookChange> onChange) => new MemoryStream();

    public Task<BookOutcome> AppendAsync(BookCommand command, CancellationToken cancellation) => throw new NotSupportedException("This book is fixed.");

    public Task<BookState> ReadAsync(CancellationToken cancellation) => Task.FromResult(Current);

    private static NodeRecord Node(string name, string member) => new() { Name = name, Member = new MemberRecord { Id = member } };

    private static IEnumerable<KeyValuePair<ActorName, Placement>> Placed(string node, string member) => Enumerable.Range(0, GrainLoad.Actors).Select(number =>
    {
        var placement = new Placement { Kind = EchoActor.Kind, Identity = Actor(node, number), Node = node, Member = member, Epoch = new Epoch { Incarnation = 1, Index = 1 } };
        return KeyValuePair.Create(ActorName.Of(placement), placement);
    });
}

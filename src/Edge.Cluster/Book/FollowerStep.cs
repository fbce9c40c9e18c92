using Edge.Messages.Book;
using Edge.Messages.Site;

namespace Edge.Cluster.Book;

/// <summary>What a follower does with a frame. Pure.</summary>
internal abstract record FollowerStep
{
    private FollowerStep()
    {
    }

    /// <summary>The frame brings the next state.</summary>
    public sealed record Advance(BookState Next, BookCommand? Command) : FollowerStep;

    /// <summary>The frame brings nothing new.</summary>
    public sealed record Stay : FollowerStep;

    /// <summary>Something is missing between the state and the frame: the whole book is wanted.</summary>
    public sealed record Gap(string Reason) : FollowerStep;

    /// <summary>The frame is of a book that must not replace this one.</summary>
    public sealed record Refuse(string Reason) : FollowerStep;

    /// <summary>Decides.</summary>
    /// <exception cref="BookFormatException">The book needs a newer program.</exception>
    public static FollowerStep For(BookState current, BookFrame frame) => frame.FrameCase switch
    {
        BookFrame.FrameOneofCase.Snapshot => ForSnapshot(current, frame.Snapshot),
        BookFrame.FrameOneofCase.Entry => ForEntry(current, frame.Entry),
        BookFrame.FrameOneofCase.Index => frame.Index > current.Index ? new Gap($"index {frame.Index} is committed, and what came after {current.Index} was not sent") : new Stay(),
        BookFrame.FrameOneofCase.Part => new Stay(), // the source puts the parts together
        _ => new Refuse("it sent a frame of a kind that this program does not know; upgrade edge on this node"),
    };

    private static FollowerStep ForEntry(BookState current, BookFrame.Types.Entry entry)
    {
        if (entry.Incarnation != (current.Site?.Incarnation ?? 0))
            return new Gap($"it is in incarnation {entry.Incarnation}, this node's book in {current.Site?.Incarnation ?? 0}");
        if (entry.Index <= current.Index)
            return new Stay();
        if (entry.Previous != current.Index)
            return new Gap($"entry {entry.Index} follows {entry.Previous}, this node's book ends at {current.Index}");
        return new Advance(BookMachine.Apply(current, entry.Index, entry.Command).Next, entry.Command);
    }

    private static FollowerStep ForSnapshot(BookState current, BookSnapshot snapshot)
    {
        var (ours, theirs) = (current.Site, snapshot.Site);
        if (ours is not null && theirs?.Id != ours.Id)
            return new Refuse($"it holds the book of another site ('{theirs?.Name}'), this node belongs to '{ours.Name}'");
        if (ours is not null && theirs!.Incarnation < ours.Incarnation)
            return new Refuse($"it holds the book of incarnation {theirs.Incarnation}, which ended; the site is in incarnation {ours.Incarnation}. If that node was not part of the restore or recovery, empty its data folder and join it again");
        if (ours is not null && theirs!.Incarnation == ours.Incarnation && snapshot.Index < current.Index)
            return new Refuse($"its book ends at {snapshot.Index}, this node's at {current.Index}");
        return new Advance(BookSnapshots.Read(snapshot), null);
    }
}

using Edge.Cluster.Book;
using Edge.Messages.Book;
using Edge.Messages.Site;
using Google.Protobuf;

namespace Edge.Cluster.Tests.Book;

/// <summary>What a follower does with each frame.</summary>
public sealed class FollowerStepTests
{
    private readonly BookState _current = BookScript.Site("pi-1", "pi-2").State;

    [Fact]
    public void The_next_entry_advances_also_over_a_hole_in_the_indices()
    {
        var step = Assert.IsType<FollowerStep.Advance>(Step(Entry(_current.Index, _current.Index + 7)));

        Assert.Equal(_current.Index + 7, step.Next.Index);
        Assert.NotNull(step.Command);
    }

    [Fact]
    public void An_entry_that_is_here_already_changes_nothing() => Assert.IsType<FollowerStep.Stay>(Step(Entry(_current.Index - 1, _current.Index)));

    [Fact]
    public void A_part_of_a_snapshot_is_a_sign_of_life() => Assert.IsType<FollowerStep.Stay>(Step(new BookFrame { Part = new BookFrame.Types.SnapshotPart() }));

    [Fact]
    public void A_missed_entry_asks_for_the_whole_book()
    {
        Assert.IsType<FollowerStep.Gap>(Step(Entry(_current.Index + 1, _current.Index + 2)));
        Assert.IsType<FollowerStep.Gap>(Step(new BookFrame { Index = _current.Index + 1 }));
        Assert.IsType<FollowerStep.Stay>(Step(new BookFrame { Index = _current.Index }));
    }

    [Fact]
    public void An_entry_of_another_incarnation_asks_for_the_whole_book() => Assert.IsType<FollowerStep.Gap>(Step(Entry(_current.Index, _current.Index + 1, incarnation: 2)));

    [Fact]
    public void A_snapshot_of_a_later_incarnation_replaces_the_book_also_at_a_lower_index()
    {
        var step = Assert.IsType<FollowerStep.Advance>(Step(Snapshot(snapshot => (snapshot.Site.Incarnation, snapshot.Index) = (2, 1))));

        Assert.Equal((1ul, 2u), (step.Next.Index, step.Next.Site!.Incarnation));
        Assert.Null(step.Command);
    }

    [Fact]
    public void A_snapshot_that_would_go_back_or_is_of_another_site_is_refused()
    {
        Assert.IsType<FollowerStep.Refuse>(Step(Snapshot(snapshot => snapshot.Index--)));
        Assert.Contains("incarnation 0", Assert.IsType<FollowerStep.Refuse>(Step(Snapshot(snapshot => (snapshot.Site.Incarnation, snapshot.Index) = (0, 1000)))).Reason, StringComparison.Ordinal);
        Assert.Contains("another site", Assert.IsType<FollowerStep.Refuse>(Step(Snapshot(snapshot => snapshot.Site.Id = ByteString.CopyFromUtf8("another")))).Reason, StringComparison.Ordinal);
        Assert.IsType<FollowerStep.Refuse>(Step(new BookFrame()));
    }

    private FollowerStep Step(BookFrame frame) => FollowerStep.For(_current, frame);

    private static BookFrame Entry(ulong previous, ulong index, uint incarnation = 1) =>
        new() { Entry = new BookFrame.Types.Entry { Previous = previous, Index = index, Incarnation = incarnation, Command = BookScript.Issue("t") } };

    private BookFrame Snapshot(Action<BookSnapshot> change)
    {
        var snapshot = BookSnapshots.Write(_current).Clone();
        change(snapshot);
        return new BookFrame { Snapshot = snapshot };
    }
}

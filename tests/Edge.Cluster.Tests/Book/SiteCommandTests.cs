using Edge.Cluster.Book;
using Edge.Messages.Book;
using Google.Protobuf;

namespace Edge.Cluster.Tests.Book;

/// <summary>Format, voters, incarnation, and commands that come twice.</summary>
public sealed class SiteCommandTests
{
    [Fact]
    public void A_command_of_a_newer_format_stops_the_node_with_words()
    {
        var script = BookScript.Site("pi-1");

        var error = Assert.Throws<BookFormatException>(() => BookMachine.Apply(script.State, 9, new BookCommand { Format = BookFormat.Current + 1 }));

        Assert.Equal((BookFormat.Current + 1, BookFormat.Current), (error.Format, error.Known));
        Assert.Contains("Upgrade edge on this node", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_snapshot_of_a_newer_format_is_not_read()
    {
        var snapshot = BookSnapshots.Write(BookScript.Site("pi-1").State).Clone();
        snapshot.Site.Format = BookFormat.Current + 1;

        Assert.Throws<BookFormatException>(() => BookSnapshots.Read(snapshot));
    }

    [Fact]
    public void The_format_rises_by_one_when_all_who_may_vote_know_the_next()
    {
        var script = BookScript.Site("pi-1", "pi-2");
        BookCommand Raise(uint format) => new() { RaiseFormat = new RaiseFormat { Format = format } };
        BookCommand Knows(string node, uint format, bool votes = true)
        {
            var about = BookScript.Node(node);
            (about.FormatMax, about.MayVote) = (format, votes);
            return new BookCommand { UpdateNode = new UpdateNode { Node = about } };
        }

        script.Refused(RefusalReason.Invalid, Raise(3));
        script.Refused(RefusalReason.Stale, Raise(1));
        script.Do(Knows("pi-1", 2));
        Assert.Contains("pi-2", script.Refused(RefusalReason.Format, Raise(2)).Message, StringComparison.Ordinal);

        script.Do(Knows("pi-2", 1, votes: false));
        script.Do(Knows("pi-1", 1, votes: false));
        Assert.Contains("pi-1", script.Refused(RefusalReason.Format, Raise(2)).Message, StringComparison.Ordinal); // a voter still
        script.Do(Knows("pi-1", 2));

        // A program that knows the next format raises; this one, which does not, stops at the same entry.
        var (next, outcome) = BookMachine.Apply(script.State, script.NextIndex, Raise(2), known: 2);
        Assert.Empty(outcome.Refusals);
        Assert.Equal(2u, next.Site!.Format);
        Assert.Throws<BookFormatException>(() => BookMachine.Apply(script.State, script.NextIndex, Raise(2), known: 1));
    }

    [Fact]
    public void A_command_that_needs_the_next_format_waits_until_it_is_raised()
    {
        var script = BookScript.Site("pi-1");
        var command = BookScript.Issue("t");
        command.Format = 2;

        Assert.Equal(RefusalReason.Format, BookMachine.Apply(script.State, script.NextIndex, command, known: 2).Outcome.Refusals.Single().Reason);
    }

    [Fact]
    public void Voters_are_one_to_three_different_names()
    {
        var script = BookScript.Site("pi-1");
        BookCommand Voters(params string[] names) => new() { NameVoters = new NameVoters { Voters = { names } } };

        script.Refused(RefusalReason.Invalid, Voters());
        script.Refused(RefusalReason.Invalid, Voters("a", "a"));
        script.Refused(RefusalReason.Invalid, Voters("a", "b", "c", "d"));
        script.Do(Voters("pi-3", "pi-1", "pi-2"));

        Assert.Equal(["pi-1", "pi-2", "pi-3"], script.State.Voters);
    }

    [Fact]
    public void A_new_incarnation_has_no_member_and_no_unspent_node_token_of_before_and_owners_stay_named_until_their_leases_are_over()
    {
        var script = BookScript.Running("pi-1", "pi-2", "pi-3");
        script.Do(BookScript.Issue("unspent"));
        script.Do(BookScript.Place("a", "pi-1", standby: "pi-3"));
        script.Do(BookScript.Place("b", "pi-3", standby: "pi-1"));
        var epoch = script.Placed("a").Epoch;
        BookCommand Begin(uint incarnation, params string[] nodes) => new() { BeginIncarnation = new BeginIncarnation { Incarnation = incarnation, Reason = "restored", Nodes = { nodes } } };
        script.Refused(RefusalReason.Stale, Begin(1));
        script.Refused(RefusalReason.NotFound, Begin(2, "pi-9"));

        // The log of a restored book starts over: lower indices than before.
        script = Resume(script, index: 1);
        script.Do(Begin(2, "pi-1", "pi-2"));

        Assert.Equal(["pi-1", "pi-2"], script.State.Nodes.Keys);
        Assert.All(script.State.Nodes.Values, node => Assert.Null(node.Member));
        Assert.Equal(["m-pi-1", "m-pi-3"], script.State.Placements.Values.Select(placement => placement.Member).Order(StringComparer.Ordinal));
        Assert.Equal("", script.Placed("a").Standby);
        Assert.False(script.State.Tokens.ContainsKey("unspent"));

        script.Do(new BookCommand { ChangeMembers = new ChangeMembers { Joined = { new MemberJoined { Node = "pi-2", Member = "m-pi-2" } }, Placements = { BookScript.Placement("a", "pi-2") } } });
        Assert.True(script.Placed("a").Epoch.Index < epoch.Index && Epochs.Compare(script.Placed("a").Epoch, epoch) > 0);
    }

    [Fact]
    public void A_repeated_command_does_nothing_and_gets_the_first_answer()
    {
        var script = BookScript.Site("pi-1");
        var command = BookScript.Issue("t");
        var first = script.Do(command);
        script.Do(new BookCommand { RevokeToken = new RevokeToken { Id = "t" } });

        var again = script.Try(command);

        Assert.Equal(first, again);
        Assert.False(script.State.Tokens.ContainsKey("t"));
        Assert.Equal(script.NextIndex - 1, script.State.Index);
        var refused = script.Try(new BookCommand { RequestId = ByteString.CopyFromUtf8("r"), RevokeToken = new RevokeToken { Id = "t" } });
        Assert.Equal(refused, script.Try(new BookCommand { RequestId = ByteString.CopyFromUtf8("r"), RevokeToken = new RevokeToken { Id = "t" } }));
    }

    [Fact]
    public void Answers_and_audit_entries_are_bounded()
    {
        var script = BookScript.Site("pi-1");
        for (var i = 0; i < BookLimits.Audit + 100; i++)
            script.Do(new BookCommand { CordonNode = i % 2 == 0 ? new CordonNode { Name = "pi-1", Reason = "x" } : new CordonNode { Name = "pi-1" } });

        Assert.Equal(BookLimits.Remembered, script.State.Remembered.Count);
        Assert.Equal(BookLimits.Remembered, script.State.RememberedOrder.Count());
        Assert.Equal((BookLimits.Audit, BookLimits.Audit), (script.State.AuditCount, script.State.Audit.Count()));
        Assert.Equal(script.State.Index, script.State.Audit.Last().Index);
    }

    [Fact]
    public void An_index_that_is_in_the_book_already_changes_nothing()
    {
        var script = BookScript.Site("pi-1", "pi-2");
        foreach (var (index, command) in script.Entries)
        {
            var (next, outcome) = BookMachine.Apply(script.State, index, command);
            Assert.Same(script.State, next);
            Assert.Empty(outcome.Refusals);
        }
        Assert.Equal(RefusalReason.Stale, BookMachine.Apply(script.State, 1, BookScript.Issue("t")).Outcome.Refusals.Single().Reason);
    }

    [Fact]
    public void A_command_without_a_change_or_with_a_huge_request_id_is_refused()
    {
        var script = BookScript.Site("pi-1");
        script.Refused(RefusalReason.Invalid, new BookCommand());
        var huge = BookScript.Issue("t");
        huge.RequestId = ByteString.CopyFrom(new byte[BookLimits.RequestIdBytes + 1]);
        script.Refused(RefusalReason.Invalid, huge);
    }

    private static BookScript Resume(BookScript script, ulong index) =>
        new BookScript(run: 1) { State = script.State with { Index = index - 1 }, NextIndex = index };
}

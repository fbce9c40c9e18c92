using Edge.Cluster.Book;
using Edge.Messages.Book;

namespace Edge.Cluster.Tests.Book;

/// <summary>Members and placements: one owner, who is present; epochs that grow; release before move.</summary>
public sealed class PlacementCommandTests
{
    [Fact]
    public void An_epoch_is_the_incarnation_and_the_index_of_the_placing_command()
    {
        var script = BookScript.Running("pi-1", "pi-2");
        var outcome = script.Do(BookScript.Place("a", "pi-1", standby: "pi-2"));

        Assert.Equal(new Epoch { Incarnation = 1, Index = outcome.Index }, script.Placed("a").Epoch);
    }

    [Fact]
    public void A_plan_on_an_epoch_that_has_passed_is_refused_whole()
    {
        var script = BookScript.Running("pi-1", "pi-2");
        script.Do(BookScript.Place("a", "pi-1"));
        var plan = BookScript.Place("b", "pi-1");
        plan.PlaceActors.Edits.Add(new PlacementEdit { Placement = BookScript.Placement("a", "pi-1"), Expected = new Epoch { Incarnation = 1, Index = 1 } });

        var refusal = script.Refused(RefusalReason.Stale, plan);

        Assert.Contains(Epochs.Text(script.Placed("a").Epoch), refusal.Message, StringComparison.Ordinal);
        script.Refused(RefusalReason.Stale, BookScript.Place("a", "pi-2"));
    }

    [Fact]
    public void Only_a_present_member_owns()
    {
        var script = BookScript.Site("pi-1", "pi-2");

        script.Refused(RefusalReason.Stale, BookScript.Place("a", "pi-1"));
        script.Refused(RefusalReason.Stale, BookScript.Place("a", "pi-9"));
    }

    [Fact]
    public void A_present_owner_is_moved_only_after_it_has_released()
    {
        var script = BookScript.Running("pi-1", "pi-2");
        script.Do(BookScript.Place("a", "pi-1", standby: "pi-2"));
        var epoch = script.Placed("a").Epoch;
        script.Refused(RefusalReason.InUse, BookScript.Place("a", "pi-2", epoch));
        script.Refused(RefusalReason.InUse, BookScript.Place("a", "", epoch));

        var asked = BookScript.Place("a", "", epoch, standby: "pi-2");
        asked.PlaceActors.Edits[0].KeepsOwner = true;
        asked.PlaceActors.Edits[0].Placement.MovingTo = "pi-2";
        script.Do(asked);
        Assert.Equal(("pi-1", "m-pi-1", epoch), (script.Placed("a").Node, script.Placed("a").Member, script.Placed("a").Epoch));

        script.Do(Release("a", "m-pi-1", epoch));
        Assert.Equal(("", "", "pi-2", "pi-2"), (script.Placed("a").Node, script.Placed("a").Member, script.Placed("a").MovingTo, script.Placed("a").Standby));

        script.Do(BookScript.Place("a", "pi-2", epoch));
        Assert.True(Epochs.Compare(script.Placed("a").Epoch, epoch) > 0);
        Assert.False(script.Placed("a").HasMovingTo);
    }

    [Fact]
    public void Only_the_owner_releases_and_only_its_epoch()
    {
        var script = BookScript.Running("pi-1", "pi-2");
        script.Do(BookScript.Place("a", "pi-1"));
        var epoch = script.Placed("a").Epoch;

        script.Refused(RefusalReason.Stale, Release("a", "m-pi-2", epoch));
        script.Refused(RefusalReason.Stale, Release("a", "m-pi-1", new Epoch { Incarnation = 1, Index = epoch.Index - 1 }));
        script.Refused(RefusalReason.NotFound, Release("b", "m-pi-1", epoch));
        script.Do(Release("a", "m-pi-1", epoch));
        script.Refused(RefusalReason.Stale, Release("a", "m-pi-1", epoch));
    }

    [Fact]
    public void Members_leave_and_their_actors_get_the_next_owner_in_one_step()
    {
        var script = BookScript.Running("pi-1", "pi-2");
        script.Do(BookScript.Place("a", "pi-1", standby: "pi-2"));
        script.Do(BookScript.Place("b", "pi-1", standby: "pi-2"));
        var epoch = script.Placed("b").Epoch;

        script.Do(new BookCommand { ChangeMembers = new ChangeMembers { Left = { new MemberLeft { Node = "pi-1", Member = "m-pi-1", Reason = "lease expired" } }, Placements = { BookScript.Placement("a", "pi-2") } } });

        Assert.Null(script.State.Nodes["pi-1"].Member);
        Assert.Equal("pi-2", script.Placed("a").Node);
        Assert.Equal(("", epoch, "pi-1: lease expired"), (script.Placed("b").Node, script.Placed("b").Epoch, script.Placed("b").Reason));
    }

    [Fact]
    public void A_member_that_is_not_the_present_one_cannot_leave()
    {
        var script = BookScript.Running("pi-1");

        script.Refused(RefusalReason.Stale, Left("pi-1", "m-before"));
        script.Refused(RefusalReason.Stale, Left("pi-9", "m-pi-9"));
        script.Do(Left("pi-1", "m-pi-1"));
        script.Refused(RefusalReason.Stale, Left("pi-1", "m-pi-1"));
    }

    [Fact]
    public void A_node_has_one_member_and_a_member_one_node()
    {
        var script = BookScript.Running("pi-1", "pi-2");

        script.Refused(RefusalReason.Stale, Joined("pi-1", "m-next"));
        script.Refused(RefusalReason.Stale, Joined("pi-9", "m-pi-9"));
        script.Do(Joined("pi-1", "m-pi-1"));
        var both = Left("pi-1", "m-pi-1");
        both.ChangeMembers.Joined.Add(new MemberJoined { Node = "pi-1", Member = "m-pi-1" });
        script.Refused(RefusalReason.Invalid, both);
        both = Left("pi-1", "m-pi-1");
        both.ChangeMembers.Joined.Add(new MemberJoined { Node = "pi-1", Member = "m-pi-2" });
        script.Refused(RefusalReason.Invalid, both);
        both = Left("pi-1", "m-pi-1");
        both.ChangeMembers.Joined.Add(new MemberJoined { Node = "pi-1", Member = "m-next" });
        script.Do(both);
        Assert.Equal("m-next", script.State.Nodes["pi-1"].Member.Id);
    }

    [Fact]
    public void A_change_of_members_does_not_take_an_actor_from_a_present_one()
    {
        var script = BookScript.Running("pi-1", "pi-2");
        script.Do(BookScript.Place("a", "pi-1"));

        script.Refused(RefusalReason.Stale, new BookCommand { ChangeMembers = new ChangeMembers { Placements = { BookScript.Placement("a", "pi-2") } } });
    }

    [Fact]
    public void A_witness_runs_nothing_and_a_standby_is_another_node_of_the_site()
    {
        var script = BookScript.Running("pi-1", "pi-2");
        var witness = BookScript.Node("pi-2");
        witness.Witness = true;
        script.Do(new BookCommand { UpdateNode = new UpdateNode { Node = witness } });

        script.Refused(RefusalReason.Invalid, BookScript.Place("a", "pi-2"));
        script.Refused(RefusalReason.Invalid, BookScript.Place("a", "pi-1", standby: "pi-1"));
        script.Refused(RefusalReason.Stale, BookScript.Place("a", "pi-1", standby: "pi-9"));
    }

    [Fact]
    public void A_retired_actor_is_gone_and_placed_again_in_a_later_epoch()
    {
        var script = BookScript.Running("pi-1");
        script.Do(BookScript.Place("a", "pi-1"));
        var epoch = script.Placed("a").Epoch;
        var both = BookScript.Place("a", "pi-1", epoch);
        both.PlaceActors.Retired.Add(new ActorId { Kind = "channel", Identity = "a" });

        script.Refused(RefusalReason.Invalid, both);
        script.Do(new BookCommand { PlaceActors = new PlaceActors { Retired = { new ActorId { Kind = "channel", Identity = "a" } } } });
        script.Do(BookScript.Place("a", "pi-1"));

        Assert.True(Epochs.Compare(script.Placed("a").Epoch, epoch) > 0);
    }

    private static BookCommand Release(string identity, string member, Epoch epoch) =>
        new() { ReportReleased = new ReportReleased { Actor = new ActorId { Kind = "channel", Identity = identity }, Member = member, Epoch = epoch } };

    private static BookCommand Left(string node, string member) => new() { ChangeMembers = new ChangeMembers { Left = { new MemberLeft { Node = node, Member = member, Reason = "left" } } } };

    private static BookCommand Joined(string node, string member) => new() { ChangeMembers = new ChangeMembers { Joined = { new MemberJoined { Node = node, Member = member } } } };
}

using Edge.Cluster.Book;
using Edge.Cluster.Members;
using Edge.Cluster.Placements;
using Edge.Cluster.Tests.Placements;
using Edge.Messages.Book;
using Edge.Messages.Site;
using Google.Protobuf;
using Microsoft.Extensions.Time.Testing;

namespace Edge.Cluster.Tests.Members;

/// <summary>The leader's side of leases, and the steps that follow from it.</summary>
public sealed class LeaseTableTests
{
    private static readonly ActorName Boiler = new("channel", "acme/boiler");
    private readonly FakeTimeProvider _time = new();
    private BookState _state = PlacementPlanTests.Site([PlacementPlanTests.Node("pi-1"), PlacementPlanTests.Node("pi-2")]);
    private LeaseTable _table = null!;
    private PlacementBoard _board = null!;
    private byte _requests;

    public LeaseTableTests()
    {
        _table = Lead();
        Carry(new() { PlaceActors = Next()!.Actors });
    }

    private long Now => _time.GetTimestamp();

    [Fact]
    public void A_new_leader_gives_nobody_up_before_a_full_expiry_from_its_election()
    {
        Pass(1399);
        Assert.Empty(_table.Lapsed(Now));
        Pass(1);
        Assert.Equal([("pi-1", "pi-1-1"), ("pi-2", "pi-2-1")], _table.Lapsed(Now));
    }

    [Fact]
    public void A_new_leader_waits_for_the_longer_leases_of_the_one_before()
    {
        Take("pi-1", 3000, 4200);
        _table = Lead("pi-2");
        Pass(4199);
        Assert.Empty(_table.Lapsed(Now));
        Pass(1);
        Assert.NotEmpty(_table.Lapsed(Now));
    }

    [Fact]
    public void Once_longer_leases_are_over_a_leader_takes_the_lead_again_and_the_next_one_does_not_wait_for_them()
    {
        Take("pi-1", 3000, 4200);
        _table = Lead("pi-2");
        Assert.False(_table.CarriesOldLeases(Now));
        Pass(4200);
        Assert.True(_table.CarriesOldLeases(Now));

        Carry(new() { TakeLead = new() { Node = "pi-2", LeaseMs = 1000, ExpiryMs = 1400, SettledLead = _table.Lead.Index } });

        Pass(1400);
        Assert.False(_table.CarriesOldLeases(Now));
        _table = Lead("pi-1");
        Pass(1400);
        Assert.NotEmpty(_table.Lapsed(Now));
    }

    [Fact]
    public void An_expired_member_leaves_and_its_actors_have_a_new_owner_in_the_same_step()
    {
        Pass(500);
        Renew("pi-2", "pi-2-1");
        Pass(1000);
        var change = Next()!.Members!;
        Assert.Equal(("pi-1", "lease expired"), (Assert.Single(change.Left).Node, change.Left[0].Reason));
        Assert.Equal("pi-2", Assert.Single(change.Placements).Node);
        Assert.IsType<RenewalOutcome.Ended>(Renew("pi-1", "pi-1-1"));
    }

    [Fact]
    public void A_restarted_node_supersedes_its_own_member_at_once_and_keeps_its_actors()
    {
        Assert.IsType<RenewalOutcome.Later>(_table.Renew(new() { Node = "pi-1", Member = "new", Joining = true, Replaces = "pi-1-1" }, _state, Now));
        var change = Next()!.Members!;
        Assert.Equal("superseded", Assert.Single(change.Left).Reason);
        Assert.Equal(("pi-1", "new"), (Assert.Single(change.Placements).Node, change.Placements[0].Member));
        Carry(new() { ChangeMembers = change });
        Assert.IsType<RenewalOutcome.Granted>(Renew("pi-1", "new"));
        Assert.IsType<RenewalOutcome.Ended>(Renew("pi-1", "pi-1-1"));
    }

    [Fact]
    public void A_copy_of_a_nodes_data_folder_waits_while_the_node_runs()
    {
        Assert.Contains("copy of this node's data folder", Assert.IsType<RenewalOutcome.Later>(_table.Renew(new() { Node = "pi-1", Member = "new", Joining = true, Replaces = "older" }, _state, Now)).Reason, StringComparison.Ordinal);
        Assert.Empty(_table.Joins);
    }

    [Fact]
    public void A_member_that_does_not_apply_its_placements_is_not_renewed()
    {
        Assert.IsType<RenewalOutcome.Granted>(Renew("pi-1", "pi-1-1", applied: 1));
        Pass(501);
        Assert.IsType<RenewalOutcome.Later>(Renew("pi-1", "pi-1-1", applied: 1));
        Assert.IsType<RenewalOutcome.Granted>(Renew("pi-1", "pi-1-1", applied: _state.Index));
    }

    [Fact]
    public void A_member_gets_no_lease_before_it_has_applied_its_own_joining()
    {
        _table.Renew(new() { Node = "pi-1", Member = "new", Joining = true, Replaces = "pi-1-1" }, _state, Now);
        var before = _state.Index;
        Carry(new() { ChangeMembers = Next()!.Members! });
        Assert.IsType<RenewalOutcome.Later>(Renew("pi-1", "new", before));
        Assert.IsType<RenewalOutcome.Granted>(Renew("pi-1", "new", _state.Index));
    }

    [Fact]
    public void A_removed_member_is_over_only_when_its_lease_is()
    {
        Renew("pi-1", "pi-1-1");
        Carry(new() { RemoveNode = new() { Name = "pi-1" } });
        Assert.IsType<RenewalOutcome.Ended>(Renew("pi-1", "pi-1-1"));
        Pass(1399);
        Renew("pi-2", "pi-2-1");
        Assert.False(_table.IsOver("pi-1-1", Now));
        Assert.DoesNotContain(Next()?.Actors?.Edits ?? [], edit => !edit.KeepsOwner);
        Pass(1);
        Assert.Equal("pi-2", Assert.Single(Next()!.Actors!.Edits, edit => !edit.KeepsOwner).Placement.Node);
    }

    [Fact]
    public void A_leaving_member_is_let_go_when_its_actors_have_moved()
    {
        _table.Renew(new() { Node = "pi-1", Member = "pi-1-1", Applied = _state.Index, Leaving = true }, _state, Now);
        var move = Next()!.Actors!;
        Assert.Equal("pi-2", Assert.Single(move.Edits).Placement.MovingTo);
        Carry(new() { PlaceActors = move });
        Assert.Null(Next());
        Carry(new() { ReportReleased = new() { Actor = new() { Kind = Boiler.Kind, Identity = Boiler.Identity }, Epoch = _state.Placements[Boiler].Epoch, Member = "pi-1-1" } });
        var last = Next()!.Members!;
        Assert.Equal("left", Assert.Single(last.Left).Reason);
        Assert.Equal("pi-2", Assert.Single(last.Placements).Node);
    }

    [Fact]
    public void What_an_earlier_leader_decided_is_refused_after_the_next_has_taken_the_lead()
    {
        Pass(2000);
        var late = Next()!.Members!;
        Lead("pi-2");
        var (_, outcome) = BookMachine.Apply(_state, _state.Index + 1, Command(new() { ChangeMembers = late }));
        Assert.Equal(RefusalReason.Stale, Assert.Single(outcome.Refusals).Reason);
    }

    private LeaseTable Lead(string node = "pi-1")
    {
        Take(node, 1000, 1400);
        _board = new(_state);
        _board.Demand([new ActorDemand(Boiler)]);
        return new(_state.Lead!, _state, Now, _time);
    }

    private void Take(string node, uint lease, uint expiry) => Carry(new() { TakeLead = new() { Node = node, LeaseMs = lease, ExpiryMs = expiry } });

    private void Carry(BookCommand command)
    {
        var (next, outcome) = BookMachine.Apply(_state, _state.Index + 1, Command(command));
        Assert.Empty(outcome.Refusals);
        var change = new BookChange(_state, next, command);
        _board?.Apply(change);
        _table?.Observe(change, Now);
        _state = next;
    }

    private BookCommand Command(BookCommand command)
    {
        command.RequestId = ByteString.CopyFrom(++_requests);
        return command;
    }

    private RenewalOutcome Renew(string node, string member, ulong? applied = null) => _table.Renew(new RenewRequest { Node = node, Member = member, Applied = applied ?? _state.Index }, _state, Now);

    private SiteStep? Next() => MembershipPlan.Next(_state, _board, _table, Now, new());

    private void Pass(int milliseconds) => _time.Advance(TimeSpan.FromMilliseconds(milliseconds));
}

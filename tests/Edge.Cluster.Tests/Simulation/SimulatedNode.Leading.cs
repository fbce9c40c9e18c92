using Edge.Cluster.Book;
using Edge.Cluster.Members;
using Edge.Cluster.Placements;
using Edge.Messages.Book;
using Edge.Messages.Site;

namespace Edge.Cluster.Tests.Simulation;

/// <summary>What a node does while it leads, or believes so.</summary>
internal sealed partial class SimulatedNode
{
    private Leadership? _leadership;
    private long _electedAt;
    private LeaseTable? _table;
    private PlacementBoard? _board;
    private BookCommand? _step;
    private bool _taking;

    /// <summary>The log elected this node.</summary>
    public void Lead(Leadership leadership)
    {
        _leadership = leadership;
        _electedAt = Clock.GetTimestamp() - (_site.Breaks(BrokenRule.NoWaitAfterElection) ? 20_000_000 : 0);
        (_table, _board, _step) = (null, null, null);
        Take(0);
    }

    public bool Leads(Leadership leadership) => leadership == _leadership;

    /// <summary>The leader has applied an entry.</summary>
    public void LeaderApplied(Leadership leadership, BookChange change)
    {
        if (leadership != _leadership)
            return;
        Apply((int)change.After.Index);
        _board?.Apply(change);
        _table?.Observe(change, Clock.GetTimestamp());
        if (change.After.Lead is { } lead && lead.Index == change.After.Index)
        {
            _taking = false;
            if (lead.Node != Name)
            {
                (_table, _board) = (null, null);
                if (change.Command!.TakeLead is not null && leadership.Pending.All(pending => pending.Command.TakeLead?.Node != Name))
                    Take(0);
            }
            else if (_table is null || _board is null)
            {
                MakeTable(lead);
            }
        }

        Forge(leadership, change);
    }

    public void Demanded(ActorDemand demand) => _board?.Demand(demand);

    public void Withdrawn(ActorName actor) => _board?.Withdraw(actor);

    /// <summary>A member's renewal arrives here.</summary>
    public void Renewal(RenewRequest request, Action<RenewalOutcome?, SimulatedNode?> reply)
    {
        if (_leadership is not { } leadership)
        {
            reply(null, _site.Log.Leader?.Node);
            return;
        }

        var receivedAt = Clock.GetTimestamp();
        if (_table is null)
            return;
        var outcome = _table.Renew(request, State, receivedAt);
        if (_site.Breaks(BrokenRule.ExpiryBelowLease) && outcome is RenewalOutcome.Granted granted)
            outcome = granted with { Lease = granted.Lease * 2 };
        if (_site.Log.HoldsLease(leadership))
            reply(outcome, this);
    }

    private void MakeTable(LeadRecord lead)
    {
        _table = new(lead, State, _electedAt, Clock);
        _board = new(State);
        _board.Demand(_site.Demands.Values);
    }

    private void Take(ulong settled)
    {
        var command = _site.Command();
        var times = _site.Times;
        command.TakeLead = new() { Node = Name, LeaseMs = (uint)times.Lease.TotalMilliseconds, ExpiryMs = (uint)times.Expiry.TotalMilliseconds, SettledLead = settled };
        _taking = true;
        _site.Log.Append(_leadership!, command);
    }

    private void LeaderTick()
    {
        var leadership = _leadership!;
        if (!_site.Log.HoldsLease(leadership))
        {
            if (leadership != _site.Log.Leader)
                StepDown();
            return;
        }

        if (_table is null || _board is null || _step is not null)
            return;
        var now = Clock.GetTimestamp();
        if (!_taking && _table.Lead.LeaseMs != (uint)_site.Times.Lease.TotalMilliseconds && _table.IsSettled(now))
        {
            Take(_table.Lead.Index);
            return;
        }

        if (MembershipPlan.Next(State, _board, _table, now, _site.Options) is not { } step)
            return;
        var command = step.ToCommand(_site.NewRequestId(), _site.Time.Now, 1);
        _step = command;
        _site.Log.Append(leadership, command, outcome =>
        {
            if (_step == command)
                _step = null;
        });
    }

    // Whoever sent a command and got no answer sends it again, to whoever leads by then. And a thread that was stopped between its look at the leader's lease and its plan sends one that was made of an old table and a new time.
    private void StepDown()
    {
        if (_step is { } lost && _site.Log.Leader is { } next && next != _leadership)
            _site.Log.Append(next, lost);
        else if (_table is not null && _board is not null && _site.Log.Leader is { } other && other != _leadership && MembershipPlan.Next(State, _board, _table, Clock.GetTimestamp(), _site.Options) is { } late)
            _site.Log.Append(other, late.ToCommand(_site.NewRequestId(), _site.Time.Now, 1));
        (_leadership, _table, _board, _step, _taking) = (null, null, null, null, false);
    }

    // Releases that a mutant's leader makes up for owners that still run.
    private void Forge(Leadership leadership, BookChange change)
    {
        var forged = change.Command switch
        {
            { PlaceActors: { } place } when _site.Breaks(BrokenRule.MoveWithoutRelease) => place.Edits.Where(edit => StopRequest.IsIn(edit.Placement)).Select(edit => ActorName.Of(edit.Placement)),
            { RemoveNode: { } remove } when _site.Breaks(BrokenRule.RemovedIsOver) => change.Before.Placements.Where(pair => pair.Value.Node == remove.Name).Select(pair => pair.Key),
            _ => [],
        };
        foreach (var actor in forged)
        {
            if (!change.After.Placements.TryGetValue(actor, out var placement))
                continue;
            var command = _site.Command();
            command.ReportReleased = new() { Actor = new() { Kind = actor.Kind, Identity = actor.Identity }, Epoch = placement.Epoch, Member = placement.Member };
            _site.Log.Append(leadership, command);
        }
    }
}

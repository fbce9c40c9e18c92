using Edge.Cluster.Book;
using Edge.Cluster.Members;
using Edge.Cluster.Placements;
using Edge.Messages.Book;
using Edge.Messages.Site;

namespace Edge.Cluster.Tests.Simulation;

/// <summary>A node's process: its member with lease and gate, its actors, and what it does when it leads. May be paused, killed, restarted, and copied (two processes of one name).</summary>
internal sealed partial class SimulatedNode : IDisposable
{
    private readonly SimulatedSite _site;
    private readonly List<(int Boot, Action Action)> _deferred = [];
    private readonly Dictionary<ActorName, Epoch> _releasing = [];
    private readonly Dictionary<ActorName, long> _landsAt = [];
    private int _boot;
    private bool _paused;
    private string _replaces = "";
    private bool _granted;
    private bool _wasMember;
    private SimulatedNode? _leaderHint;
    private MemberLease _lease = null!;
    private DeviceGate _gate = null!;

    public SimulatedNode(SimulatedSite site, int index, string name, NodeClock clock)
    {
        (_site, Index, Name, Clock) = (site, index, name, clock);
    }

    public int Index { get; }

    public string Name { get; }

    public NodeClock Clock { get; }

    public string Member { get; private set; } = "";

    public int Applied { get; private set; }

    public bool IsUp { get; private set; }

    public bool IsRunning => IsUp && !_paused;

    public bool Leaving { get; set; }

    /// <summary>Actors that this process runs, and under which epoch.</summary>
    public Dictionary<ActorName, Epoch> Running { get; } = [];

    public override string ToString() => $"{Name}({Member})";

    /// <summary>Does something in the process: at once, after the pause, or never if it is down.</summary>
    public void Do(Action action)
    {
        if (!IsUp)
            return;
        if (_paused)
            _deferred.Add((_boot, action));
        else
            action();
    }

    public void Start()
    {
        if (IsUp)
            return;
        IsUp = true;
        _boot++;
        NewMember();
        Every(_site.Times.RenewEvery, RenewTick);
        Every(_site.FollowEvery, FollowTick);
        Every(_site.WriteEvery, WriteTick);
        Every(TimeSpan.FromMilliseconds(50), LeaderTick, whenLeading: true);
    }

    public void Kill()
    {
        IsUp = false;
        _paused = false;
        _deferred.Clear();
        _landsAt.Clear();
        StepDown();
        Clear();
    }

    public void Pause() => _paused = IsUp;

    public void Resume()
    {
        _paused = false;
        var deferred = _deferred.ToList();
        _deferred.Clear();
        foreach (var (boot, action) in deferred)
        {
            if (boot == _boot)
                Do(action);
        }
    }

    public bool MayWrite(ActorName actor, Epoch epoch) =>
        _site.Breaks(BrokenRule.LeaseNotChecked) ? PlacementOf(actor) is { } placement && placement.Member == Member && Epochs.Compare(placement.Epoch, epoch) == 0
            : _gate.Refusal(epoch, actor) is null;

    public void Dispose() => _lease?.Dispose();

    private BookState State => _site.Log.At(Applied);

    private Placement? PlacementOf(ActorName actor) => State.Placements.GetValueOrDefault(actor);

    private void Every(TimeSpan interval, Action action, bool whenLeading = false)
    {
        var boot = _boot;
        var microseconds = (long)(interval.TotalMicroseconds / Clock.Rate);
        void Next() => _site.Time.After(microseconds + _site.Random.Next((int)(microseconds / 10) + 1), () =>
        {
            if (boot != _boot || !IsUp)
                return;
            Do(() =>
            {
                if (!whenLeading || _leadership is not null)
                    action();
                Next();
            });
        });
        _site.Time.After(_site.Random.Next((int)microseconds), () =>
        {
            if (boot == _boot && IsUp)
                Next();
        });
    }

    // The id is in the data folder before it is used; the next one names it as ended.
    private void NewMember()
    {
        if (Member.Length > 0)
            _replaces = Member;
        Clear();
        Member = _site.NewMemberId();
        _granted = false;
        _wasMember = false;
        _lease?.Dispose();
        _lease = new(Member, Clock);
        _gate = new(_lease, PlacementOf, Clock);
    }

    private void Clear()
    {
        foreach (var actor in Running.Keys)
            _site.HoldersOf(actor).Remove(this);
        Running.Clear();
        _releasing.Clear();
    }

    private void RenewTick()
    {
        if (_granted && !_lease.IsValid && !_site.Breaks(BrokenRule.LeaseNotChecked))
            NewMember();
        // A new member begins when the writes of the last one have returned.
        if (!_granted && _landsAt.Values.Any(at => at > _site.Time.Now))
            return;
        foreach (var (actor, epoch) in _releasing.ToList())
            ReportReleased(actor, epoch);
        var to = _leaderHint is { IsUp: true } hint ? hint : _site.Voters[_site.Random.Next(_site.Voters.Count)];
        var member = Member;
        var boot = _boot;
        var sentAt = _lease.BeginRenewal();
        var replaces = _site.Breaks(BrokenRule.FolderNotLocked) && State.Nodes.TryGetValue(Name, out var own) && own.Member is not null ? own.Member.Id : _replaces;
        var request = new RenewRequest { Node = Name, Member = member, Applied = (ulong)Applied, Leaving = Leaving, Joining = !_granted, Replaces = replaces };
        _leaderHint = null;
        _site.Network.Send(this, to, () => to.Renewal(request, (outcome, leader) => _site.Network.Send(to, this, () =>
        {
            if (boot == _boot && member == Member)
                Renewed(outcome, leader, _site.Breaks(BrokenRule.LeaseFromReceipt) ? Clock.GetTimestamp() : sentAt);
        })));
    }

    private void Renewed(RenewalOutcome? outcome, SimulatedNode? leader, long sentAt)
    {
        _leaderHint = leader;
        switch (outcome)
        {
            case RenewalOutcome.Granted granted:
                _granted |= _lease.Extend(sentAt, granted.Lease);
                break;
            case RenewalOutcome.Ended when !_site.Breaks(BrokenRule.LeaseNotChecked):
                NewMember();
                break;
            default:
                break;
        }
    }

    private void FollowTick()
    {
        var voters = _site.Voters;
        var from = voters.Contains(this) ? _site.Log.Leader?.Node ?? this : voters[_site.Random.Next(voters.Count)];
        _site.Network.Send(this, from, () =>
        {
            var index = from == _site.Log.Leader?.Node ? _site.Log.Committed : from.Applied;
            _site.Network.Send(from, this, () => Apply(index));
        });
    }

    private void Apply(int index)
    {
        if (index <= Applied)
            return;
        var first = Applied + 1;
        Applied = index;
        if (State.Nodes.TryGetValue(Name, out var own) && own.Member?.Id == Member)
            _wasMember = true;
        else if (_wasMember && !_site.Breaks(BrokenRule.LeaseNotChecked))
        {
            _lease.Revoke("The book has another member.");
            NewMember();
            if (Leaving)
                _site.Left(this);
            return;
        }

        for (var i = first; i <= index; i++)
        {
            foreach (var actor in Touched(_site.Log.Command(i)))
                Settle(actor);
        }
    }

    private static IEnumerable<ActorName> Touched(BookCommand command) => command.ChangeCase switch
    {
        BookCommand.ChangeOneofCase.ChangeMembers => command.ChangeMembers.Placements.Select(ActorName.Of),
        BookCommand.ChangeOneofCase.PlaceActors => command.PlaceActors.Edits.Select(edit => ActorName.Of(edit.Placement)).Concat(command.PlaceActors.Retired.Select(id => new ActorName(id.Kind, id.Identity))),
        BookCommand.ChangeOneofCase.ReportReleased => [new(command.ReportReleased.Actor.Kind, command.ReportReleased.Actor.Identity)],
        _ => [],
    };

    private void Settle(ActorName actor)
    {
        var placement = PlacementOf(actor);
        var mine = placement is not null && placement.Member == Member ? placement : null;
        if (_releasing.TryGetValue(actor, out var releasing) && mine is not null && Epochs.Compare(releasing, mine.Epoch) < 0)
            _releasing.Remove(actor);
        if (mine is not null && !StopRequest.IsIn(mine) && !_releasing.ContainsKey(actor))
        {
            Running[actor] = mine.Epoch;
            _site.HoldersOf(actor).Add(this);
            return;
        }

        if (Running.Remove(actor))
            _site.HoldersOf(actor).Remove(this);
        if (mine is null)
            _releasing.Remove(actor);
        else if (_releasing.TryAdd(actor, mine.Epoch))
            _site.Time.After(Math.Max(0, _landsAt.GetValueOrDefault(actor) - _site.Time.Now) + 1_000, () => Do(() => ReportReleased(actor, mine.Epoch)));
    }

    private void ReportReleased(ActorName actor, Epoch epoch)
    {
        if (_landsAt.GetValueOrDefault(actor) > _site.Time.Now || !_releasing.ContainsKey(actor))
            return;
        var command = _site.Command();
        command.ReportReleased = new() { Actor = new() { Kind = actor.Kind, Identity = actor.Identity }, Epoch = epoch, Member = Member };
        if (_site.Log.Leader is { } leadership)
            _site.Network.Send(this, leadership.Node, () => _site.Log.Append(leadership, command));
    }

    private void WriteTick()
    {
        foreach (var (actor, epoch) in Running)
        {
            if (_landsAt.GetValueOrDefault(actor) > _site.Time.Now || !MayWrite(actor, epoch))
                continue;
            _site.Invariants.Began(this, actor, epoch);
            var limit = _site.Breaks(BrokenRule.UnboundedWrite) ? TimeSpan.FromSeconds(1.5) : _lease.IoLimit;
            var takes = (long)(_site.Random.Next(8) == 0 ? limit.TotalMicroseconds / Clock.Rate : _site.Random.Next(500, 5_000));
            _landsAt[actor] = _site.Time.Now + takes;
            // A killed process sends no more; a paused one may have handed the bytes to its kernel already.
            var (boot, who) = (_boot, ToString());
            _site.Time.After(takes, () =>
            {
                if (boot == _boot && IsUp)
                    _site.Invariants.Landed(who, actor, epoch);
            });
        }
    }
}

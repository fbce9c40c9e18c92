using Edge.Cluster.Book;
using Edge.Messages.Book;
using Edge.Messages.Site;

namespace Edge.Cluster.Members;

/// <summary>
/// The leader's side of the leases: when each member's last renewal was received, who may have one, who is over. Lives as long as one leadership.
/// <para>Made only when this leader's own <see cref="TakeLead"/> is applied: then all that earlier leaders committed is applied too, and a member that was given up by an entry still under way is no member any more.
/// (A new leader that granted earlier could renew the very member whose successor the log is about to place.)</para>
/// <para>Nothing is known of grants by earlier leaders, so nobody is over before the longest of those has run out, counted from this leader's election.</para>
/// <para>Nobody has a lease before it has applied its own joining: a member that was given up before its first grant reached it, and asks to join again, would otherwise act on placements of its first time.</para>
/// <para>Once a member is found over it gets no renewal, even before the book says so: the decision is on its way.</para>
/// Callers take the reading of the clock when a request is received and check after that, before they answer, that this node still leads. Thread-safe; bounded by the nodes in the book.
/// </summary>
public sealed class LeaseTable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, MemberHold> _holds = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, PendingJoin> _joins = new(StringComparer.Ordinal);
    private readonly TimeProvider _time;
    private readonly LeaseTableOptions _options;
    private readonly long _electedAt;
    private long _quietAt;
    private LeadRecord _lead;

    /// <summary>The table of a new leader.</summary>
    /// <param name="lead">Its lead as applied.</param>
    /// <param name="state">The book with it.</param>
    /// <param name="electedAt">Reading of the clock when this node learned that it leads.</param>
    /// <param name="time">The clock.</param>
    /// <param name="options">Bounds.</param>
    public LeaseTable(LeadRecord lead, BookState state, long electedAt, TimeProvider time, LeaseTableOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(lead);
        ArgumentNullException.ThrowIfNull(state);
        _time = time;
        _options = options ?? new();
        _lead = lead;
        _electedAt = electedAt;
        _quietAt = After(electedAt, Math.Max(lead.OutstandingMs, lead.ExpiryMs));
        foreach (var (node, record) in state.Nodes)
        {
            if (record.Member is { } member)
                _holds[member.Id] = new(node, member.Id, electedAt, _quietAt);
        }
    }

    /// <summary>The lead that these leases are granted under.</summary>
    public LeadRecord Lead
    {
        get
        {
            lock (_lock)
                return _lead;
        }
    }

    /// <summary>Joins that may be carried out, by node.</summary>
    public IReadOnlyList<PendingJoin> Joins
    {
        get
        {
            lock (_lock)
                return [.. _joins.Values];
        }
    }

    /// <summary>Takes in a renewal, or a wish to join.</summary>
    /// <param name="request">The request; its sender's name was checked against its certificate.</param>
    /// <param name="state">The book as applied by this leader.</param>
    /// <param name="receivedAt">Reading of the clock when the request was received.</param>
    public RenewalOutcome Renew(RenewRequest request, BookState state, long receivedAt)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(state);
        lock (_lock)
        {
            if (!state.Nodes.TryGetValue(request.Node, out var node))
                return new RenewalOutcome.Ended($"Node '{request.Node}' is not of this site (it was removed). Join it again with a new token.");
            return _holds.TryGetValue(request.Member, out var hold) && hold.Node == request.Node
                ? Renew(hold, request, state, receivedAt)
                : Join(request, node);
        }
    }

    /// <summary>Follows the book: members that came and went, and what concerns whom. Call for each change, in order.</summary>
    /// <param name="change">The change.</param>
    /// <param name="at">Reading of the clock.</param>
    public void Observe(BookChange change, long at)
    {
        ArgumentNullException.ThrowIfNull(change);
        lock (_lock)
        {
            switch (change.Command?.ChangeCase)
            {
                case BookCommand.ChangeOneofCase.ChangeMembers:
                    Sync(change.After, at);
                    foreach (var placement in change.Command.ChangeMembers.Placements)
                        Concern(placement.Member, change.After.Index, at);
                    break;
                case BookCommand.ChangeOneofCase.PlaceActors:
                    foreach (var edit in change.Command.PlaceActors.Edits)
                        Concern(edit.Placement.Member, change.After.Index, at);
                    break;
                case null or BookCommand.ChangeOneofCase.RemoveNode or BookCommand.ChangeOneofCase.BeginIncarnation:
                    Sync(change.After, at);
                    break;
                case BookCommand.ChangeOneofCase.TakeLead when change.After.Lead is { } lead && lead.Node == _lead.Node:
                    _quietAt = Math.Max(_quietAt, After(at, lead.OutstandingMs));
                    _lead = lead;
                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>Members that are in the book and whose lease is over, by node. From this call on they get no renewal.</summary>
    public IReadOnlyList<(string Node, string Member)> Lapsed(long now)
    {
        lock (_lock)
        {
            foreach (var hold in _holds.Values)
                hold.Over |= now >= hold.ExpiresAt;
            foreach (var gone in _holds.Values.Where(hold => hold.Over && hold.Dropped).ToList())
                _holds.Remove(gone.Member);
            return [.. _holds.Values.Where(hold => hold.Over && !hold.Dropped).OrderBy(hold => hold.Node, StringComparer.Ordinal).Select(hold => (hold.Node, hold.Member))];
        }
    }

    /// <summary>Whether that member can no longer act: its lease is over, or it never had one that could still run. Holds for ids that are in no book any more, too.</summary>
    public bool IsOver(string member, long now)
    {
        lock (_lock)
        {
            if (!_holds.TryGetValue(member, out var hold))
                return now >= _quietAt;
            if (hold.Dropped)
                hold.Over |= now >= hold.ExpiresAt;
            return hold.Over;
        }
    }

    /// <summary>Members that asked to leave, by node.</summary>
    public IReadOnlyList<(string Node, string Member)> Leaving()
    {
        lock (_lock)
            return [.. _holds.Values.Where(hold => hold is { Leaving: true, Over: false, Dropped: false }).OrderBy(hold => hold.Node, StringComparer.Ordinal).Select(hold => (hold.Node, hold.Member))];
    }

    /// <summary>How long this leader has known the member; zero if it does not.</summary>
    public TimeSpan Tenure(string member, long now)
    {
        lock (_lock)
            return _holds.TryGetValue(member, out var hold) && now > hold.Since ? _time.GetElapsedTime(hold.Since, now) : TimeSpan.Zero;
    }

    /// <summary>Slowest flush time that these nodes reported (99th percentile): what the lease times follow.</summary>
    /// <param name="voters">Names of the voters.</param>
    public TimeSpan SlowestFlush(IReadOnlyCollection<string> voters)
    {
        lock (_lock)
            return TimeSpan.FromMilliseconds(_holds.Values.Where(hold => !hold.Dropped && voters.Contains(hold.Node)).Select(hold => hold.FlushMs).DefaultIfEmpty().Max());
    }

    /// <summary>Whether every lease that was granted before the present lead is over: then the next <see cref="TakeLead"/> names the present one in <see cref="TakeLead.SettledLead"/>.</summary>
    public bool IsSettled(long now)
    {
        lock (_lock)
            return now >= _quietAt;
    }

    /// <summary>
    /// Whether the lead still makes the next leader wait for longer leases than any that can run: all of them are over. It is to be taken again then, or each later leader waits as long, for ever (measured: 8 s a
    /// failover, long after the disks were fast again).
    /// </summary>
    public bool CarriesOldLeases(long now)
    {
        lock (_lock)
            return now >= _quietAt && _lead.OutstandingMs > _lead.ExpiryMs;
    }

    /// <summary>When the next lease runs out, if nothing is renewed; null if there is none: when to look again.</summary>
    public long? NextExpiry()
    {
        lock (_lock)
            return _holds.Values.Where(hold => !hold.Over).Select(hold => (long?)hold.ExpiresAt).Min();
    }

    private RenewalOutcome Renew(MemberHold hold, RenewRequest request, BookState state, long receivedAt)
    {
        if (hold.Over || hold.Dropped)
            return new RenewalOutcome.Ended($"Member '{hold.Member}' of node '{hold.Node}' is over: its lease ran out, or it was superseded or removed.");
        if (state.Nodes[hold.Node].Member is { } member && request.Applied < member.SinceIndex)
            return new RenewalOutcome.Later($"Node '{hold.Node}' has applied the book up to {request.Applied}; it became a member by entry {member.SinceIndex} and gets a lease when it has applied that.");
        if (state.Index > request.Applied && state.Index - request.Applied > _options.BehindMax)
            return new RenewalOutcome.Later($"Node '{hold.Node}' has applied the book up to {request.Applied}; {state.Index} is committed, and at most {_options.BehindMax} entries behind are allowed.");
        if (hold.ConcernIndex != 0 && request.Applied >= hold.ConcernIndex)
        {
            hold.ConcernIndex = request.Applied >= hold.ConcernLast ? 0 : hold.ConcernLast;
            hold.ConcernSince = receivedAt;
        }

        if (hold.ConcernIndex != 0 && receivedAt > After(hold.ConcernSince, (uint)(_lead.LeaseMs * _options.ConcernGrace)))
            return new RenewalOutcome.Later($"Node '{hold.Node}' has applied the book up to {request.Applied}; entry {hold.ConcernIndex} places actors there and has waited longer than {_options.ConcernGrace} leases.");
        hold.ExpiresAt = Math.Max(hold.ExpiresAt, After(receivedAt, _lead.ExpiryMs));
        hold.Leaving = request.Leaving;
        hold.FlushMs = request.FlushP99Ms;
        var times = LeaseTimes.Of(TimeSpan.FromMilliseconds(_lead.LeaseMs));
        return new RenewalOutcome.Granted(times.Lease, times.RenewEvery);
    }

    private RenewalOutcome Join(RenewRequest request, NodeRecord node)
    {
        var current = node.Member?.Id ?? "";
        if (current == request.Member)
            return new RenewalOutcome.Later($"Member '{request.Member}' of node '{request.Node}' is in the book; its leader is about to take it in.");
        if (!request.Joining)
            return new RenewalOutcome.Ended($"Member '{request.Member}' of node '{request.Node}' is not in the book: it was given up, superseded or removed.");
        if (current.Length > 0 && current != request.Replaces && !(_holds.TryGetValue(current, out var hold) && hold.Over))
        {
            _joins.Remove(request.Node);
            return new RenewalOutcome.Later($"Node '{request.Node}' already runs as member '{current}', which the joiner does not know to have ended. If that stays so, another machine runs with a copy of this node's data folder.");
        }

        _joins[request.Node] = new(request.Node, request.Member, current);
        return new RenewalOutcome.Later($"Node '{request.Node}' is about to become member '{request.Member}'.");
    }

    private void Sync(BookState state, long at)
    {
        foreach (var hold in _holds.Values)
            hold.Dropped = !(state.Nodes.TryGetValue(hold.Node, out var node) && node.Member?.Id == hold.Member);
        foreach (var (name, node) in state.Nodes)
        {
            if (node.Member is { } member && !_holds.ContainsKey(member.Id))
                _holds[member.Id] = new(name, member.Id, at, After(at, _lead.ExpiryMs));
        }

        foreach (var join in _joins.Values.Where(join => !state.Nodes.TryGetValue(join.Node, out var node) || (node.Member?.Id ?? "") != join.Supersedes).ToList())
            _joins.Remove(join.Node);
    }

    private void Concern(string member, ulong index, long at)
    {
        if (!_holds.TryGetValue(member, out var hold))
            return;
        hold.ConcernLast = index;
        if (hold.ConcernIndex != 0)
            return;
        hold.ConcernIndex = index;
        hold.ConcernSince = at;
    }

    private long After(long at, uint milliseconds) => at + (long)(milliseconds / 1000.0 * _time.TimestampFrequency);
}

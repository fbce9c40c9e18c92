using Edge.Cluster.Book;
using Edge.Messages.Book;

namespace Edge.Cluster.Tests.Simulation;

/// <summary>One leadership of the log.</summary>
internal sealed class Leadership(SimulatedNode node, long term, long quorumAt)
{
    public SimulatedNode Node { get; } = node;

    public long Term { get; } = term;

    public long QuorumAt { get; set; } = quorumAt;

    /// <summary>Appended and not committed: the next leader has some first part of these, or none.</summary>
    public List<(BookCommand Command, Action<BookOutcome>? Done)> Pending { get; } = [];
}

/// <summary>
/// The log as Raft promises it: one order of committed commands, one leader a term, a leader's lease that ends before the next election, and entries of a lost leader that the next one commits, before its own first,
/// or forgets. How Raft does that is not simulated.
/// </summary>
internal sealed class SimulatedLog
{
    private const long LeaderLease = 280_000;
    private readonly SimulatedSite _site;
    private readonly List<BookState> _states;
    private readonly List<BookCommand?> _commands = [null];
    private long _timeout;

    public SimulatedLog(SimulatedSite site, BookState founded)
    {
        _site = site;
        _states = [founded];
        _timeout = NextTimeout();
    }

    public Leadership? Leader { get; private set; }

    public int Committed => _states.Count - 1;

    public long LastCommitAt { get; private set; }

    public BookState At(int index) => _states[index];

    public BookCommand Command(int index) => _commands[index]!;

    public bool HoldsLease(Leadership leadership) => leadership == Leader && _site.Time.Now - leadership.QuorumAt <= LeaderLease;

    /// <summary>Heartbeats and elections, looked at every 50 ms.</summary>
    public void Tick()
    {
        var now = _site.Time.Now;
        if (Leader is { } leader && leader.Node.IsRunning && leader.Node.Leads(leader) && HasMajority(leader.Node))
            leader.QuorumAt = now;
        var since = Leader?.QuorumAt ?? 0;
        if (now - since < _timeout)
            return;
        var candidates = _site.Voters.Where(voter => voter.IsRunning && HasMajority(voter)).ToList();
        if (candidates.Count == 0)
            return;
        Elect(candidates[_site.Random.Next(candidates.Count)]);
    }

    /// <summary>The leader hands over, or restarts: the next election comes as soon as its lease is over.</summary>
    public void Unseat() => _timeout = 300_000;

    /// <summary>Appends at the node that leads, or believes so. The outcome comes back if the command is committed under this leadership.</summary>
    public void Append(Leadership leadership, BookCommand command, Action<BookOutcome>? done = null)
    {
        leadership.Pending.Add((command, done));
        _site.Time.After(_site.Random.Next(2_000, _site.Random.Next(8) == 0 ? 300_000 : 25_000), () => TryCommit(leadership, command));
    }

    private void TryCommit(Leadership leadership, BookCommand command)
    {
        if (leadership != Leader || !leadership.Pending.Exists(pending => ReferenceEquals(pending.Command, command)))
            return;
        if (!leadership.Node.IsRunning || _site.Time.Now - leadership.QuorumAt > 60_000)
        {
            _site.Time.After(30_000, () => TryCommit(leadership, command));
            return;
        }

        // In order: what was appended before is committed with it.
        while (leadership.Pending.Count > 0)
        {
            var (next, done) = leadership.Pending[0];
            leadership.Pending.RemoveAt(0);
            var outcome = Commit(next);
            done?.Invoke(outcome);
            if (ReferenceEquals(next, command))
                return;
        }
    }

    private void Elect(SimulatedNode node)
    {
        var inherited = Leader is { } old ? old.Pending.Take(_site.Random.Next(old.Pending.Count + 1)).ToList() : [];
        Leader?.Pending.Clear();
        Leader = new(node, (Leader?.Term ?? 0) + 1, _site.Time.Now);
        Leader.Pending.AddRange(inherited.Select(pending => (pending.Command, (Action<BookOutcome>?)null)));
        _timeout = NextTimeout();
        var leadership = Leader;
        node.Do(() => node.Lead(leadership));
    }

    private BookOutcome Commit(BookCommand command)
    {
        var before = _states[^1];
        if (_site.Breaks(BrokenRule.LeadIgnored) && before.Lead is { } lead)
        {
            if (command.ChangeMembers is { } members)
                members.Lead = lead.Index;
            if (command.PlaceActors is { } actors)
                actors.Lead = lead.Index;
        }

        var (after, outcome) = BookMachine.Apply(before, (ulong)_states.Count, command);
        _states.Add(after);
        _commands.Add(command);
        _site.Trace?.Invoke($"{_site.Time.Now / 1000} ms entry {after.Index}: {command} -> {outcome}");
        LastCommitAt = _site.Time.Now;
        if (outcome.Refusals.Count == 0 && !ReferenceEquals(before.Placements, after.Placements))
            _site.Invariants.Committed(before, after, command);
        var change = new BookChange(before, after, command);
        if (Leader is { } leadership)
            leadership.Node.Do(() => leadership.Node.LeaderApplied(leadership, change));
        return outcome;
    }

    private bool HasMajority(SimulatedNode node) =>
        _site.Voters.Count(voter => voter == node || voter.IsRunning && _site.Network.Joined(node.Index, voter.Index)) * 2 > _site.Voters.Count;

    private long NextTimeout() => _site.Random.Next(300_000, 600_000);
}

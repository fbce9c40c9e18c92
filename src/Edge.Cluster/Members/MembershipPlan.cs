using Edge.Cluster.Book;
using Edge.Cluster.Placements;
using Edge.Messages.Book;

namespace Edge.Cluster.Members;

/// <summary>
/// What the leader does next: the book × its leases × time → one command. Members that are over leave, and their actors get new owners in the same step; then joins; then members that asked to leave and own nothing any more;
/// then placement among those there are. Carry out one step, or see it refused, before asking for the next. A step that was refused as stale is forgotten: ask again.
/// <para>Why nobody acts twice: an owner is replaced only if its member is over by this leader's leases (see <see cref="LeaseTable"/>), has released the actor itself, or was superseded by its own node. The last needs no
/// time: a joiner names the member id that it found in its data folder, which exactly one process can hold locked and where each id is written before it is first used. If that is the member in the book, the member's process
/// has ended (or, after a lost lease, has ended that actor system itself and revoked its lease first). A copied data folder names an older id and waits.</para>
/// Pure but for one thing: members that it finds over are renewed no more.
/// </summary>
public static class MembershipPlan
{
    /// <summary>The next step; null if there is nothing to do now.</summary>
    /// <param name="state">The book as applied.</param>
    /// <param name="board">The board of that book.</param>
    /// <param name="table">The leases of that book.</param>
    /// <param name="now">Reading of the clock.</param>
    /// <param name="options">Bounds of placement.</param>
    public static SiteStep? Next(BookState state, PlacementBoard board, LeaseTable table, long now, PlacementOptions options)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(board);
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(options);
        var leaving = table.Leaving();
        var change = new ChangeMembers { Lead = table.Lead.Index };
        var superseded = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (node, member) in table.Lapsed(now).Where(gone => IsCurrent(state, gone.Node, gone.Member)))
            change.Left.Add(new MemberLeft { Node = node, Member = member, Reason = "lease expired" });
        foreach (var (node, member) in leaving.Where(one => IsCurrent(state, one.Node, one.Member) && board.OwnsNothing(one.Node)))
            change.Left.Add(new MemberLeft { Node = node, Member = member, Reason = "left" });
        foreach (var join in table.Joins.Where(join => state.Nodes.TryGetValue(join.Node, out var node) && (node.Member?.Id ?? "") == join.Supersedes))
        {
            if (join.Supersedes.Length > 0 && change.Left.All(left => left.Member != join.Supersedes))
                change.Left.Add(new MemberLeft { Node = join.Node, Member = join.Supersedes, Reason = "superseded" });
            if (join.Supersedes.Length > 0)
                superseded.Add(join.Supersedes);
            change.Joined.Add(new MemberJoined { Node = join.Node, Member = join.Member });
        }

        var sight = new PlacementSight(
            member => superseded.Contains(member) || table.IsOver(member, now),
            member => table.Tenure(member, now) >= options.SettleTime,
            leaving.Select(one => one.Node).ToHashSet(StringComparer.Ordinal));
        if (change.Left.Count + change.Joined.Count > 0)
        {
            var members = new SortedDictionary<string, string?>(StringComparer.Ordinal);
            foreach (var left in change.Left)
                members[left.Node] = null;
            foreach (var joined in change.Joined)
                members[joined.Node] = joined.Member;
            change.Placements.Add(PlacementPlan.WithMembers(board, members, sight, options));
            return new(change, null);
        }

        if (PlacementPlan.Next(board, sight, options) is not { } actors)
            return null;
        actors.Lead = table.Lead.Index;
        return new(null, actors);
    }

    private static bool IsCurrent(BookState state, string node, string member) =>
        state.Nodes.TryGetValue(node, out var record) && record.Member?.Id == member;
}

using Edge.Cluster.Book;
using Edge.Cluster.Raft;

namespace Edge.Node.Site;

/// <summary>How long each node has been a member, or not, as the leading node sees it: what the plan of voters is patient by. Begins anew with each leadership. Not thread-safe.</summary>
/// <param name="time">The clock.</param>
internal sealed class AliveSince(TimeProvider time)
{
    private readonly Dictionary<string, (bool Alive, long Since)> _nodes = new(StringComparer.Ordinal);

    /// <summary>This node leads no more.</summary>
    public void Forget() => _nodes.Clear();

    /// <summary>The nodes of the book, and voters that are in it no more.</summary>
    public IReadOnlyList<VoterCandidate> Look(BookState book, IEnumerable<string> voters)
    {
        var now = time.GetTimestamp();
        var candidates = new List<VoterCandidate>();
        foreach (var name in book.Nodes.Keys.Union(voters, StringComparer.Ordinal))
        {
            var node = book.Nodes.GetValueOrDefault(name);
            var alive = node?.Member is not null;
            if (!_nodes.TryGetValue(name, out var seen) || seen.Alive != alive) _nodes[name] = seen = (alive, now);
            candidates.Add(new(name, node?.MayVote ?? false, alive, time.GetElapsedTime(seen.Since, now)) { Witness = node?.Witness ?? false });
        }

        return candidates;
    }
}

using Edge.Cluster.Transport;
using Edge.Cluster.Trust;

namespace Edge.Cluster.Joining;

/// <summary>What became of an attempt to join a site.</summary>
public abstract record JoinOutcome
{
    private JoinOutcome()
    {
    }

    /// <summary>The node is a member, and its identity is saved.</summary>
    /// <param name="Identity">Who it is from now on.</param>
    /// <param name="Voters">Where the nodes are that hold the book, by name; the first hints of a new directory.</param>
    /// <param name="Index">Book index of its admission.</param>
    public sealed record Joined(NodeIdentity Identity, IReadOnlyDictionary<string, NodeAddress> Voters, ulong Index) : JoinOutcome;

    /// <summary>The site said no; asking again changes nothing.</summary>
    /// <param name="Message">For people.</param>
    public sealed record Refused(string Message) : JoinOutcome;

    /// <summary>No node of the token's site answered in time.</summary>
    /// <param name="Message">For people: each address with its reason.</param>
    public sealed record NobodyAnswered(string Message) : JoinOutcome;
}

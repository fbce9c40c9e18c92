using Edge.Messages.Book;

namespace Edge.Cluster.Placements;

/// <summary>A node on the board: its record, what is there, and what that takes. A node stays on the board while an actor names it, also when it is no longer of the site.</summary>
internal sealed class BoardNode(string name)
{
    /// <summary>Capacity that a node counts as having if it states none; it is then never full.</summary>
    public static readonly Capacity Unstated = new() { MemoryBytes = 1L << 30, Instances = 1024 };

    /// <summary>Its name.</summary>
    public string Name { get; } = name;

    /// <summary>Its record; null: not of the site.</summary>
    public NodeRecord? Record { get; set; }

    /// <summary>Member that runs there; null: none.</summary>
    public string? Member => Record?.Member?.Id;

    /// <summary>Actors that it owns, whatever member they were placed with.</summary>
    public SortedSet<BoardActor> Owned { get; } = [];

    /// <summary>Actors whose state it keeps.</summary>
    public SortedSet<BoardActor> Kept { get; } = [];

    /// <summary>Actors that are on their way here.</summary>
    public SortedSet<BoardActor> Incoming { get; } = [];

    /// <summary>Memory promised to what is here or comes.</summary>
    public long Memory { get; set; }

    /// <summary>Instances promised to what is here or comes.</summary>
    public int Instances { get; set; }

    /// <summary>Adds what an actor takes, or takes it away again.</summary>
    public void Load(ActorDemand demand, int sign)
    {
        Memory += sign * demand.MemoryBytes;
        Instances += sign * demand.Instances;
    }
}

namespace Edge.Cluster.Placements;

/// <summary>A node in a plan that is being made: the board's, and what the plan already put there.</summary>
internal sealed class DraftNode(BoardNode board, string? member, bool isLeaving)
{
    /// <summary>The node on the board.</summary>
    public BoardNode Board { get; } = board;

    /// <summary>The member that runs there once the plan is carried out; null: none.</summary>
    public string? Member { get; } = member;

    /// <summary>It asked to leave.</summary>
    public bool IsLeaving { get; } = isLeaving;

    /// <summary>Whether anything new may be put there.</summary>
    public bool IsOpen { get; } = member is not null && !isLeaving && board.Record is { Witness: false, HasCordoned: false, Draining: false };

    /// <summary>Memory promised.</summary>
    public long Memory { get; set; } = board.Memory;

    /// <summary>Instances promised.</summary>
    public int Instances { get; set; } = board.Instances;

    /// <summary>Actors owned or coming.</summary>
    public int Actors { get; set; } = board.Owned.Count + board.Incoming.Count;

    /// <summary>Actors whose state it keeps.</summary>
    public int Standbys { get; set; } = board.Kept.Count;

    /// <summary>Memory that it can still promise.</summary>
    public long MemoryLeft => Board.Record?.Capacity is { MemoryBytes: > 0 } capacity ? capacity.MemoryBytes - Memory : long.MaxValue;

    /// <summary>Instances that it can still promise.</summary>
    public int InstancesLeft => Board.Record?.Capacity is { Instances: > 0 } capacity ? capacity.Instances - Instances : int.MaxValue;

    /// <summary>Whether there is room for the demand.</summary>
    public bool HasRoom(ActorDemand demand) => demand.MemoryBytes <= MemoryLeft && demand.Instances <= InstancesLeft;

    /// <summary>Share of the scarcer of memory and instances that is promised, with this much more.</summary>
    public double Share(long memory, int instances)
    {
        var capacity = Board.Record?.Capacity;
        var ofMemory = (double)(Memory + memory) / (capacity is { MemoryBytes: > 0 } ? capacity.MemoryBytes : BoardNode.Unstated.MemoryBytes);
        var ofInstances = (double)(Instances + instances) / (capacity is { Instances: > 0 } ? capacity.Instances : BoardNode.Unstated.Instances);
        return Math.Max(ofMemory, ofInstances);
    }

    /// <summary>What one actor takes of it, in shares.</summary>
    public double Cost(ActorDemand demand) => Share(demand.MemoryBytes, demand.Instances) - Share(0, 0);

    /// <summary>Puts an actor there, or takes it away.</summary>
    public void Load(ActorDemand demand, int sign)
    {
        Memory += sign * demand.MemoryBytes;
        Instances += sign * demand.Instances;
        Actors += sign;
    }
}

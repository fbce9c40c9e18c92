using Edge.Cluster.Book;
using Edge.Messages.Book;

namespace Edge.Cluster.Placements;

/// <summary>An actor on the board: what is asked, where it is. Ordered by name, so that plans are the same everywhere.</summary>
internal sealed class BoardActor(ActorName name) : IComparable<BoardActor>
{
    /// <summary>Its name.</summary>
    public ActorName Name { get; } = name;

    /// <summary>What it asks; null: it is not wanted.</summary>
    public ActorDemand? Demand { get; set; }

    /// <summary>Where the book has it; null: nowhere yet.</summary>
    public Placement? Placement { get; set; }

    /// <summary>Node of its owner; null: none.</summary>
    public BoardNode? Owner { get; set; }

    /// <summary>Node of its standby; null: none.</summary>
    public BoardNode? Standby { get; set; }

    /// <summary>Node that it moves to; null: none.</summary>
    public BoardNode? Target { get; set; }

    /// <summary>Demand that its loads were counted with.</summary>
    public ActorDemand? Counted { get; set; }

    /// <summary>What the fitting nodes depend on: actors with equal keys fit or fail alike.</summary>
    public FitKey Fit { get; set; }

    /// <summary>Its owner's member is the one that the node runs.</summary>
    public bool IsLive => Owner is not null && Owner.Member == Placement!.Member;

    /// <summary>It was asked to stop (to move, or for good).</summary>
    public bool IsMoving => Placement is not null && StopRequest.IsIn(Placement);

    /// <summary>Ordinal by kind, then identity.</summary>
    public int CompareTo(BoardActor? other)
    {
        var byKind = string.CompareOrdinal(Name.Kind, other!.Name.Kind);
        return byKind != 0 ? byKind : string.CompareOrdinal(Name.Identity, other.Name.Identity);
    }
}

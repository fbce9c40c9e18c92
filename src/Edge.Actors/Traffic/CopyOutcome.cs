using Edge.Actors.Channels;

namespace Edge.Actors.Traffic;

/// <summary>What became of sending a channel's state to another node. The set is closed.</summary>
internal abstract record CopyOutcome
{
    /// <summary>The node has it on stable storage.</summary>
    /// <param name="Position">What the copy has seen.</param>
    public sealed record Kept(Position Position) : CopyOutcome;

    /// <summary>The node did not answer, or cannot keep it now: try again.</summary>
    public sealed record Delayed(string Reason) : CopyOutcome;

    /// <summary>Another node owns the channel now.</summary>
    public sealed record Fenced(string Reason) : CopyOutcome;
}

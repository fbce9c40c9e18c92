namespace Edge.Node.Storage;

/// <summary>What is damaged in the channel state.</summary>
/// <param name="Sentences">One for each finding, in words, with what to do; empty when all is well.</param>
/// <param name="OwnerUnknown">True when rows may be lost that cannot be told from rows that never were: a channel without state must not be taken for a new one.</param>
public sealed record StateDamage(IReadOnlyList<string> Sentences, bool OwnerUnknown)
{
    /// <summary>Nothing is.</summary>
    public static StateDamage None { get; } = new([], false);
}

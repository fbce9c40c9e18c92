using Edge.Messages.Book;

namespace Edge.Cluster.Book.Commands;

/// <summary>A placement that a command wants.</summary>
/// <param name="Wanted">As planned; its epoch is set by the book.</param>
/// <param name="Expected">Epoch that it was planned on; null for none.</param>
/// <param name="ChecksExpected">Whether <paramref name="Expected"/> must be the present epoch.</param>
/// <param name="KeepsOwner">Owner and epoch stay as they are.</param>
internal readonly record struct PlannedPlacement(Placement? Wanted, Epoch? Expected = null, bool ChecksExpected = false, bool KeepsOwner = false);

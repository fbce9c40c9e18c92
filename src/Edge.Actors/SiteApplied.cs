using Edge.Actors.Channels;
using Edge.Messages.Book;
using Edge.Messages.Channels;

namespace Edge.Actors;

/// <summary>What became of a change of the site on this node.</summary>
/// <param name="Released">Channels that ran here and no longer do.</param>
public sealed record SiteApplied(IReadOnlyList<ReleasedChannel> Released);

/// <summary>A channel that has stopped here.</summary>
/// <param name="Channel">The channel.</param>
/// <param name="Epoch">Placement under which it ran.</param>
/// <param name="Position">What its state on stable storage has seen; the node that comes next has it too.</param>
/// <param name="Problem">
/// Null: it is released, its next owner may start at once. Else why its last state could not be committed or handed over: its next owner starts from an older copy and reads again what
/// the logs hold.
/// </param>
public sealed record ReleasedChannel(ChannelId Channel, Epoch Epoch, Position Position, string? Problem);

using Edge.Messages.Book;
using Edge.Messages.Channels;

namespace Edge.Actors.Intake;

/// <summary>
/// A channel's owner asks a node's intake for what comes after its cursor, and grants room for it. Answered by one <see cref="ReadingBatch"/>, as soon as there is something,
/// or by <see cref="PullRefused"/>; a second question replaces the first. In process the readings are handed over as they are.
/// </summary>
/// <param name="Channel">Whose readings.</param>
/// <param name="Node">The node that owns the channel.</param>
/// <param name="Epoch">Under which it owns it.</param>
/// <param name="Cursor">Last logged reading that it has.</param>
/// <param name="Credit">Most readings that it takes.</param>
/// <param name="Wait">False: an empty batch comes at once when nothing waits.</param>
/// <param name="Ticket">Comes back with the batch: a channel's actor that began anew does not take its predecessor's batch for its own.</param>
internal sealed record PullReadings(ChannelId Channel, string Node, Epoch Epoch, long Cursor, int Credit, bool Wait, long Ticket);

/// <summary>A question of this channel that waits is answered now, if need be with an empty batch.</summary>
internal sealed record PullNow(ChannelId Channel);

/// <summary>Readings for a channel, in order.</summary>
/// <param name="Log">The intake log that they are of, by its node's name.</param>
/// <param name="Entries">The readings.</param>
/// <param name="Cursor">The log was read up to here: what the channel wants of it is in this batch or in an earlier one.</param>
/// <param name="Ticket">The question's.</param>
internal sealed record ReadingBatch(string Log, IReadOnlyList<InboxEntry> Entries, long Cursor, long Ticket);

/// <summary>There is nothing to be had.</summary>
/// <param name="Log">Of this intake log.</param>
/// <param name="Reason">Why, for people.</param>
/// <param name="Fenced">Another node owns the channel now: whoever asked must stop.</param>
/// <param name="Ticket">The question's.</param>
internal sealed record PullRefused(string Log, string Reason, bool Fenced, long Ticket);

/// <summary>To a channel: whether one of its intake logs can be reached.</summary>
/// <param name="Log">The log.</param>
/// <param name="Problem">Why not; null when it can be again.</param>
/// <param name="Ticket">The channel's.</param>
internal sealed record SourceChanged(string Log, string? Problem, long Ticket);

/// <summary>A channel's state up to <paramref name="Cursor"/> of this node's log is on stable storage, at its standby too if it has one.</summary>
internal sealed record PositionCommitted(ChannelId Channel, long Cursor);

/// <summary>Something came for a channel whose question waits.</summary>
internal sealed record InboxFilled(ChannelInbox Inbox);

/// <summary>Other channels are declared, or others own them: what waits is looked at again.</summary>
internal sealed record ChannelsChanged;

/// <summary>Looks whether the log can be trimmed.</summary>
internal sealed record TrimLog;

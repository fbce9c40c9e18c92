using Edge.Messages.Channels;

namespace Edge.Actors.Intake;

/// <summary>
/// A channel asks a node's intake for what comes after its cursor, and grants room for it. Answered by one <see cref="ReadingBatch"/>, as soon as there is something;
/// a second question replaces the first. In process the readings are handed over as they are.
/// </summary>
/// <param name="Channel">Who asks.</param>
/// <param name="Cursor">Last logged reading that it has.</param>
/// <param name="Credit">Most readings that it takes.</param>
/// <param name="Wait">False: an empty batch comes at once when nothing waits.</param>
/// <param name="Ticket">Comes back with the batch: a channel's actor that began anew does not take its predecessor's batch for its own.</param>
internal sealed record PullReadings(ChannelId Channel, long Cursor, int Credit, bool Wait, long Ticket);

/// <summary>A question of this channel that waits is answered now, if need be with an empty batch.</summary>
internal sealed record PullNow(ChannelId Channel);

/// <summary>Readings for a channel, in order.</summary>
/// <param name="Entries">The readings.</param>
/// <param name="Cursor">The log was read up to here: what the channel wants of it is in this batch or in an earlier one.</param>
/// <param name="Ticket">The question's.</param>
internal sealed record ReadingBatch(IReadOnlyList<InboxEntry> Entries, long Cursor, long Ticket);

/// <summary>A channel's state up to <paramref name="Position"/> is on stable storage.</summary>
internal sealed record PositionCommitted(ChannelId Channel, long Position);

/// <summary>Something came for a channel whose question waits.</summary>
internal sealed record InboxFilled(ChannelInbox Inbox);

/// <summary>Looks whether the log can be trimmed.</summary>
internal sealed record TrimLog;

using Edge.Messages.Channels;

namespace Edge.Actors.Channels;

/// <summary>State of one key of a channel: what a restart needs to go on as if nothing had happened.</summary>
/// <param name="Key">The key; empty for a channel without keys.</param>
/// <param name="State">Encoded by <c>KeyState</c>: snapshot, kv, open block, duplicate filter, sequence numbers.</param>
public readonly record struct StoredKey(string Key, ReadOnlyMemory<byte> State);

/// <summary>What a channel commits as one record: all of it is on stable storage, or none of it.</summary>
/// <param name="Position">Cursor in this node's own intake log: what a version that knows only one log goes on from. The whole position is in the head.</param>
/// <param name="Head">State of the channel that belongs to no key, encoded by <c>ChannelHead</c>: its position, and the placement under which it was committed.</param>
/// <param name="Changed">Keys whose state changed since the last commit.</param>
public sealed record ChannelCommit(long Position, ReadOnlyMemory<byte> Head, IReadOnlyList<StoredKey> Changed);

/// <summary>Head of a channel's last commit.</summary>
public sealed record StoredChannel(long Position, ReadOnlyMemory<byte> Head);

/// <summary>Durable channel state. Rows carry checksums: a damaged row is reported and never returned as good.</summary>
public interface IChannelStore
{
    /// <summary>The last commit's head, or null for a channel that never committed.</summary>
    /// <exception cref="ChannelStateDamagedException">The row fails its checksum.</exception>
    StoredChannel? Load(ChannelId channel);

    /// <summary>One key's state, or null.</summary>
    /// <exception cref="ChannelStateDamagedException">The row fails its checksum.</exception>
    ReadOnlyMemory<byte>? LoadKey(ChannelId channel, string key);

    /// <summary>Names of the keys that have a state, damaged ones too.</summary>
    IReadOnlyList<string> Keys(ChannelId channel);

    /// <summary>Puts a part of a copy aside, where no reader sees it: <see cref="ReplaceAsync"/> makes it the state.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="keys">The part's keys.</param>
    /// <param name="first">Whatever was put aside before is dropped.</param>
    Task StageAsync(ChannelId channel, IReadOnlyList<StoredKey> keys, bool first);

    /// <summary>Makes a commit, with what was put aside if <paramref name="staged"/>, the whole state: other keys are gone. All of it, or nothing.</summary>
    Task ReplaceAsync(ChannelId channel, ChannelCommit commit, bool staged);

    /// <summary>Commits; durable when the task completes. Throws <see cref="IOException"/> when it is not, and then the old state stands.</summary>
    Task CommitAsync(ChannelId channel, ChannelCommit commit);
}

/// <summary>A stored row fails its checksum; the message names channel, key and remedy.</summary>
public sealed class ChannelStateDamagedException(string message) : IOException(message);

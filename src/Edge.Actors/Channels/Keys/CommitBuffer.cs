using Google.Protobuf;
using Edge.Messages.Channels;

namespace Edge.Actors.Channels.Keys;

/// <summary>
/// Captured key states on their way to the store: those that no commit holds yet and those of the commit under way. A key that was evicted is found here until it is
/// on stable storage. Pure; used by the pipeline's thread and the actor in turn, never at once.
/// </summary>
internal sealed class CommitBuffer
{
    /// <summary>Bytes that may wait for a store that refuses them; past it the channel takes no more readings.</summary>
    public const long BytesMax = 64L << 20;

    private readonly Dictionary<string, byte[]> _waiting = new(StringComparer.Ordinal);
    private readonly Dictionary<string, byte[]> _underWay = new(StringComparer.Ordinal);

    /// <summary>Bytes held.</summary>
    public long Bytes { get; private set; }

    /// <summary>Whether more is held than <see cref="BytesMax"/>.</summary>
    public bool Full => Bytes > BytesMax;

    /// <summary>Takes a key's state in place of an older one.</summary>
    public void Put(string key, KeyState state)
    {
        var bytes = state.ToByteArray();
        Bytes += bytes.Length - (_waiting.TryGetValue(key, out var old) ? old.Length : 0);
        _waiting[key] = bytes;
    }

    /// <summary>The newest state of a key that is not on stable storage yet.</summary>
    public bool TryGet(string key, out byte[]? state) => _waiting.TryGetValue(key, out state) || _underWay.TryGetValue(key, out state);

    /// <summary>Everything that waits, as one record. One commit at a time: <see cref="Succeeded"/> or <see cref="Failed"/> comes before the next.</summary>
    /// <param name="head">The channel's head.</param>
    /// <param name="log">The node's own intake log.</param>
    public ChannelCommit Begin(StoredHead head, string log)
    {
        foreach (var (key, state) in _waiting) _underWay.Add(key, state);
        _waiting.Clear();
        return new(head.Position[log], head.Encode(), [.. _underWay.Select(k => new StoredKey(k.Key, k.Value))]);
    }

    /// <summary>The record is on stable storage.</summary>
    public void Succeeded()
    {
        foreach (var state in _underWay.Values) Bytes -= state.Length;
        _underWay.Clear();
    }

    /// <summary>The record is not; the next commit takes it again, except for keys that have a newer state.</summary>
    public void Failed()
    {
        foreach (var (key, state) in _underWay)
        {
            if (!_waiting.TryAdd(key, state)) Bytes -= state.Length;
        }

        _underWay.Clear();
    }
}

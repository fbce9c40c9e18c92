using Edge.Actors.Channels;
using Edge.Cluster.Transport;
using Edge.Messages.Book;
using Edge.Messages.Channels;
using Edge.Messages.Site;
using Google.Protobuf;

namespace Edge.Actors.Traffic;

/// <summary>
/// Sends one channel's committed state to one other node under one epoch: first all of it, then what changed, numbered so that the other knows what is missing. <see cref="Committed"/> is called on the
/// actor's turns, <see cref="SendAsync"/> by one caller at a time beside them.
/// </summary>
/// <param name="channel">The channel.</param>
/// <param name="epoch">Placement under which this node owns it.</param>
/// <param name="node">Who keeps the copies.</param>
/// <param name="peers">The way there.</param>
/// <param name="store">Where whole copies are read from.</param>
/// <param name="position">What is committed now.</param>
internal sealed class StateCopies(ChannelId channel, Epoch epoch, string node, ChannelPeers peers, IChannelStore store, Position position)
{
    /// <summary>Changed states that may wait for a node that does not answer; past it they are dropped and the next copy is a whole one.</summary>
    public const long WaitingBytesMax = 8 << 20;

    private const int PartBytes = 1 << 20;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, ReadOnlyMemory<byte>> _changed = new(StringComparer.Ordinal);
    private Position _position = position;
    private Position? _kept;
    private ChannelCopy? _underWay;
    private long _bytes;
    private long _number;
    private bool _whole = true;

    /// <summary>Who keeps the copies.</summary>
    public string Node => node;

    /// <summary>Whether there is something that the node does not have.</summary>
    public bool Wanted
    {
        get { lock (_gate) return _whole || _underWay is not null || !_position.Equals(_kept); }
    }

    /// <summary>A commit is on stable storage here.</summary>
    public void Committed(ChannelCommit commit, Position position)
    {
        lock (_gate)
        {
            _position = position;
            // A whole copy reads what is stored when it comes to each key.
            if (_whole) return;
            foreach (var key in commit.Changed)
            {
                _bytes += key.State.Length - (_changed.TryGetValue(key.Key, out var old) ? old.Length : 0);
                _changed[key.Key] = key.State;
            }

            if (_bytes <= WaitingBytesMax) return;
            (_whole, _underWay) = (true, null);
            _changed.Clear();
            _bytes = 0;
        }
    }

    /// <summary>Sends what the node does not have. A failure is an outcome; calling again goes on where it stopped.</summary>
    public async Task<CopyOutcome> SendAsync(CancellationToken cancellation)
    {
        try
        {
            var (copy, position) = Next();
            return copy is null ? await SendWholeAsync(position, cancellation) : await SendChangesAsync(copy, position, cancellation);
        }
        catch (IOException failed)
        {
            return new CopyOutcome.Delayed(failed.Message);
        }
        catch (OperationCanceledException)
        {
            return new CopyOutcome.Delayed($"Node '{node}' does not answer in time.");
        }
    }

    private (ChannelCopy? Changes, Position Position) Next()
    {
        lock (_gate)
        {
            if (_whole) return (null, _position);
            if (_underWay is null)
            {
                _underWay = NewCopy(_position, _number + 1);
                foreach (var (key, state) in _changed) _underWay.Keys.Add(new KeyCopy { Key = key, State = UnsafeByteOperations.UnsafeWrap(state) });
                _changed.Clear();
                _bytes = 0;
            }

            return (_underWay, Position.Of(_underWay.Position));
        }
    }

    private async Task<CopyOutcome> SendChangesAsync(ChannelCopy copy, Position position, CancellationToken cancellation)
    {
        // Larger than a message may be: the whole way knows how to send it in parts.
        if (copy.CalculateSize() > 3 * PartBytes) return await SendWholeAsync(position, cancellation);
        var answer = await peers.CopyAsync(node, copy, cancellation);
        if (answer.WantsWhole)
        {
            lock (_gate) (_whole, _underWay) = (true, null);
            return new CopyOutcome.Delayed($"Node '{node}' wants a whole copy.");
        }

        return Answered(answer, position, copy.Number);
    }

    private async Task<CopyOutcome> SendWholeAsync(Position position, CancellationToken cancellation)
    {
        // What is committed from here on goes with the next copy. Keys are read after the position was: each is as far or further, and says so itself.
        long number;
        lock (_gate)
        {
            (_whole, _underWay, number) = (false, null, _number + 1);
        }

        var done = false;
        try
        {
            var part = WholePart(position, number, 0);
            foreach (var key in store.Keys(channel))
            {
                if (Stored(key) is not { } state) continue;
                if (part.Keys.Count > 0 && part.CalculateSize() + state.Length > PartBytes)
                {
                    part.More = true;
                    var taken = await peers.CopyAsync(node, part, cancellation);
                    if (taken.WantsWhole || taken.Refused.Length > 0) return Answered(taken, position, number);
                    part = WholePart(position, number, part.Part + 1);
                }

                part.Keys.Add(new KeyCopy { Key = key, State = UnsafeByteOperations.UnsafeWrap(state) });
            }

            var outcome = Answered(await peers.CopyAsync(node, part, cancellation), position, number);
            done = outcome is CopyOutcome.Kept;
            return outcome;
        }
        finally
        {
            if (!done)
            {
                lock (_gate) _whole = true;
            }
        }
    }

    private ChannelCopy WholePart(Position at, long number, int part)
    {
        var copy = NewCopy(at, number);
        (copy.Whole, copy.Part) = (true, part);
        return copy;
    }

    private CopyOutcome Answered(ChannelCopied answer, Position position, long number)
    {
        if (answer.Fenced) return new CopyOutcome.Fenced(answer.Refused);
        if (answer.Refused.Length > 0 || answer.WantsWhole) return new CopyOutcome.Delayed(answer.Refused.Length > 0 ? answer.Refused : $"Node '{node}' wants a whole copy.");
        lock (_gate) (_underWay, _number, _kept) = (null, number, position);
        return new CopyOutcome.Kept(position);
    }

    private ChannelCopy NewCopy(Position at, long number)
    {
        var copy = new ChannelCopy { Channel = channel.ToString(), Epoch = epoch, Number = number };
        foreach (var (log, sequence) in at.Cursors) copy.Position.Add(log, sequence);
        return copy;
    }

    // A row that the disk has changed is in no copy: the next owner begins that key as this one would.
    private ReadOnlyMemory<byte>? Stored(string key)
    {
        try
        {
            return store.LoadKey(channel, key);
        }
        catch (ChannelStateDamagedException)
        {
            return null;
        }
    }
}

using Edge.Actors.Channels;
using Edge.Messages.Channels;
using Edge.Messages.Intake;

namespace Edge.Actors.Intake;

/// <summary>
/// What waits for one channel, in arrival order, bounded by its <see cref="QueueSpec"/>. QoS 0 waits here and is dropped at the bound. QoS 1 and 2 wait here
/// while there is room; past it the inbox forgets them and keeps only a cursor (the <em>hole</em>: sequences after the cursor up to its end), from which the channel reads
/// on in the intake log. Thread-safe: broker threads offer, the intake actor takes.
/// </summary>
internal sealed class ChannelInbox
{
    private readonly Lock _gate = new();
    private readonly string _log;
    private readonly QueueSpec _queue;
    private readonly Action<ChannelInbox> _wake;
    private readonly Action _dropped;
    private Queue<InboxEntry> _waiting = new();
    private long _cursor;
    private long _holeEnd;
    private long _wanted;
    private long _committed;
    private bool _spilling;
    private bool _parked;

    /// <summary>An inbox that wants everything in the log up to <paramref name="logged"/>, until the channel says from where.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="log">The intake log, by its node's name.</param>
    /// <param name="queue">Bound and policy.</param>
    /// <param name="logged">Last sequence of the log.</param>
    /// <param name="wake">Called once when something comes while a pull is parked.</param>
    /// <param name="dropped">Called for each QoS 0 reading that is dropped.</param>
    public ChannelInbox(ChannelId channel, string log, QueueSpec queue, long logged, Action<ChannelInbox> wake, Action dropped)
    {
        (Channel, _log, _queue, _wake, _dropped) = (channel, log, queue, wake, dropped);
        (_holeEnd, _wanted) = (logged, logged);
    }

    /// <summary>The channel.</summary>
    public ChannelId Channel { get; }

    /// <summary>Readings known to wait: those in memory, and at most this many in the log.</summary>
    public long Lag
    {
        get { lock (_gate) return _waiting.Count + Math.Max(0, _holeEnd - _cursor); }
    }

    /// <summary>Everything up to here may be trimmed as far as this channel is concerned, when the log has given out <paramref name="logged"/>.</summary>
    public long Floor(long logged)
    {
        lock (_gate) return _committed >= _wanted ? logged : _committed;
    }

    /// <summary>Takes a logged reading. Calls come in the order of their sequences.</summary>
    public void OfferLogged(long sequence, Reading reading)
    {
        lock (_gate)
        {
            _wanted = sequence;
            if (!_spilling && _waiting.Count >= _queue.Max) Spill();
            if (_spilling) _holeEnd = sequence;
            else _waiting.Enqueue(new(_log, sequence, reading));
            if (!Unpark()) return;
        }

        _wake(this);
    }

    /// <summary>Takes a reading that lives in memory only.</summary>
    public void OfferVolatile(long logged, Reading reading)
    {
        lock (_gate)
        {
            if (_waiting.Count >= _queue.Max && !MakeRoom())
            {
                _dropped();
                return;
            }

            _waiting.Enqueue(new(_log, logged, reading));
            if (!Unpark()) return;
        }

        _wake(this);
    }

    /// <summary>Says from where the channel reads: what it took after <paramref name="cursor"/> and never processed comes again from the log.</summary>
    public void Seek(long cursor)
    {
        lock (_gate)
        {
            if (cursor == _cursor) return;
            ForgetLogged();
            _holeEnd = Math.Max(_holeEnd, _wanted);
            _cursor = cursor;
        }
    }

    /// <summary>
    /// Moves what can go now into <paramref name="batch"/>. When <see cref="InboxTake.Hole"/> comes back the caller reads the log after
    /// <see cref="InboxTake.Cursor"/> and calls <see cref="Fill"/>. When nothing waits, the next offer wakes.
    /// </summary>
    public InboxTake Take(int credit, List<InboxEntry> batch)
    {
        lock (_gate)
        {
            if (_cursor < _holeEnd)
            {
                // Nearly caught up: what arrives from now on waits in memory again, behind the rest of the hole.
                if (_spilling && _holeEnd - _cursor <= _queue.Max / 2) _spilling = false;
                return new(_cursor, _holeEnd, Hole: true);
            }

            while (batch.Count < credit && _waiting.TryDequeue(out var entry)) Append(entry, batch);
            _parked = batch.Count == 0;
            return new(_cursor, _holeEnd, Hole: false);
        }
    }

    /// <summary>
    /// Takes what the log holds of the hole, merged with the QoS 0 readings that came in between.
    /// Nothing is taken when the channel has begun anew from elsewhere since the log was read.
    /// </summary>
    /// <param name="after">The cursor from which the log was read.</param>
    /// <param name="wanted">The log's readings after the cursor that the channel wants, in order.</param>
    /// <param name="readUpTo">Last sequence that was looked at.</param>
    /// <param name="batch">Gets the readings.</param>
    public long Fill(long after, IReadOnlyList<LoggedReading> wanted, long readUpTo, List<InboxEntry> batch)
    {
        lock (_gate)
        {
            if (_cursor != after) return _cursor;
            readUpTo = Math.Min(readUpTo, _holeEnd);
            foreach (var logged in wanted)
            {
                if (logged.Sequence > readUpTo) break;
                while (_waiting.TryPeek(out var between) && between.Place < logged.Sequence) Append(_waiting.Dequeue(), batch);
                batch.Add(new(_log, logged.Sequence, logged.Reading));
            }

            _cursor = Math.Max(_cursor, readUpTo);
            return _cursor;
        }
    }

    /// <summary>The channel's state up to <paramref name="position"/> is on stable storage.</summary>
    public void Committed(long position)
    {
        lock (_gate) _committed = Math.Max(_committed, position);
    }

    private void Append(InboxEntry entry, List<InboxEntry> batch)
    {
        if (entry.Logged) _cursor = entry.Place;
        batch.Add(entry);
    }

    private bool Unpark()
    {
        var parked = _parked;
        _parked = false;
        return parked;
    }

    private bool MakeRoom()
    {
        if (_waiting.Peek().Logged) Spill();
        if (_waiting.Count < _queue.Max) return true;
        if (_queue.OnFull == QueueFullPolicy.DropNewest) return false;
        _waiting.Dequeue();
        _dropped();
        return true;
    }

    private void Spill()
    {
        ForgetLogged();
        _holeEnd = Math.Max(_holeEnd, _wanted);
        _spilling = true;
    }

    private void ForgetLogged()
    {
        if (_waiting.Count > 0) _waiting = new(_waiting.Where(e => !e.Logged));
    }
}

/// <summary>What <see cref="ChannelInbox.Take"/> did.</summary>
/// <param name="Cursor">Last logged sequence that was taken.</param>
/// <param name="HoleEnd">End of the hole.</param>
/// <param name="Hole">Whether the log must be read first.</param>
internal readonly record struct InboxTake(long Cursor, long HoleEnd, bool Hole);

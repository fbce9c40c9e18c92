using Edge.Actors.Intake;
using Edge.Messages.Intake;

namespace Edge.Node.Storage;

/// <summary>
/// Group commit. Appenders fill one batch while the writer thread brings the other to the disk; a batch is as large as what arrived meanwhile.
/// A full disk or the cap fails the batch and refuses readings until there is room again; anything else that goes wrong ends it.
/// </summary>
internal sealed class IntakeWriter : IDisposable
{
    // A monitor and not a Lock: the writer waits on it.
    private readonly object _gate = new();
    private readonly IntakeLogOptions _options;
    private readonly IntakeSegments _segments;
    private readonly RecentReadings _recent;
    private readonly StorageMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly FailedSequences _failed = new();
    private readonly Thread _thread;
    private IntakeBatch _filling = new();
    private IntakeBatch _writing = new();
    private IntakeUnavailableException? _refusal;
    private IntakeState _state;
    private long _next;
    private long _last;
    private long _flushed;
    private bool _retry;
    private bool _stopping;

    /// <param name="options">Sizes and folder.</param>
    /// <param name="segments">Where batches go.</param>
    /// <param name="recent">Gets what was flushed.</param>
    /// <param name="next">The first sequence to give out.</param>
    /// <param name="metrics">Measurements.</param>
    /// <param name="time">Times the flushes.</param>
    /// <param name="logger">Tells people when it refuses, and when it goes on.</param>
    public IntakeWriter(IntakeLogOptions options, IntakeSegments segments, RecentReadings recent, long next, StorageMetrics metrics, TimeProvider time, ILogger logger)
    {
        (_options, _segments, _recent, _metrics, _time, _logger) = (options, segments, recent, metrics, time, logger);
        (_next, _last, _flushed) = (next, segments.Last, segments.Last);
        _segments.RoomMayBeBack += Retry;
        _thread = new Thread(Run) { IsBackground = true, Name = "edge-intake" };
        _thread.Start();
    }

    /// <summary>The state changed; raised on the writer thread.</summary>
    public event Action? StateChanged;

    /// <summary>Sequence given out last, before this start if none was.</summary>
    public long Last => Volatile.Read(ref _last);

    /// <summary>The highest sequence that may ever have been given out, before a crash included.</summary>
    public long Ceiling => Volatile.Read(ref _next) - 1;

    /// <summary>Sequence up to which everything that could be made durable is.</summary>
    public long Flushed => Volatile.Read(ref _flushed);

    /// <summary>Whether readings are taken, and the reason when not.</summary>
    public (IntakeState State, string? Problem) Condition
    {
        get
        {
            lock (_gate)
                return (_state, _refusal?.Message);
        }
    }

    /// <summary>Adds a reading to the batch that goes out next.</summary>
    public long Append(Reading reading)
    {
        var payloadBytes = reading.CalculateSize();
        if (payloadBytes > _options.SegmentBytes / 2)
            throw new IntakeUnavailableException(
                $"Intake log refuses a reading: it has {payloadBytes} bytes; {_options.SegmentBytes / 2} are allowed, half a segment. Publish less at a time.");
        lock (_gate)
        {
            if (Refusal() is { } refusal)
            {
                _metrics.Refused();
                throw refusal;
            }
            var sequence = _next++;
            _filling.Add(sequence, reading, payloadBytes);
            _last = sequence;
            if (_filling.Readings.Count == 1)
                Monitor.Pulse(_gate);
            return sequence;
        }
    }

    /// <summary>Completes when a sequence is on stable storage.</summary>
    public ValueTask FlushedAsync(long sequence)
    {
        lock (_gate)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(sequence, _last);
            if (_failed.Reason(sequence) is { } reason)
                return ValueTask.FromException(new IntakeUnavailableException($"Intake log could not keep reading {sequence}: {reason.Message}", reason));
            if (sequence <= _flushed)
                return ValueTask.CompletedTask;
            return new ValueTask(_writing.Contains(sequence) ? _writing.Flushed : _filling.Flushed);
        }
    }

    /// <summary>Writes what is pending and ends.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _stopping = true;
            Monitor.Pulse(_gate);
        }
        _thread.Join();
    }

    private IntakeUnavailableException? Refusal()
    {
        if (_stopping)
            return new IntakeUnavailableException("Intake log is closed: the node is stopping.");
        if (_refusal is null)
            return _filling.Length < _options.PendingBytes
                ? null
                : new IntakeUnavailableException(
                    $"Intake log refuses readings: {_filling.Length} bytes wait for the disk of {_options.Folder}; {_options.PendingBytes} are allowed. The disk does not keep up: see edge doctor.");
        if (_state == IntakeState.OutOfRoom)
            Retry();
        return _refusal;
    }

    private void Retry()
    {
        lock (_gate)
        {
            _retry = true;
            Monitor.Pulse(_gate);
        }
    }

    private void Run()
    {
        try
        {
            while (TakeBatch())
            {
                if (_writing.IsEmpty)
                    FindRoom();
                else
                    Write();
            }
        }
        catch (Exception failure)
        {
            // The thread's boundary: whatever it is, the log must stop acknowledging, and say so.
            Fail(failure);
        }
    }

    private bool TakeBatch()
    {
        lock (_gate)
        {
            while (_filling.IsEmpty && !_stopping && !(_retry && _state == IntakeState.OutOfRoom))
                Monitor.Wait(_gate);
            _retry = false;
            (_filling, _writing) = (_writing, _filling);
            return !(_stopping && _writing.IsEmpty);
        }
    }

    private void Write()
    {
        var started = _time.GetTimestamp();
        try
        {
            _segments.Write(_writing.Records, _writing.Readings[^1].Sequence);
            _metrics.Flushed(_writing.Readings.Count, _time.GetElapsedTime(started));
            Settle(null);
        }
        catch (IntakeUnavailableException capReached)
        {
            Settle(capReached);
        }
        catch (IOException failure) when (StableStorage.IsOutOfRoom(failure) && failure is not IntakeSyncFailedException)
        {
            Settle(DiskFull(failure));
        }
    }

    // What was flushed is flushed even when the rest of its batch was not.
    private void Settle(IntakeUnavailableException? refusal)
    {
        var flushed = _segments.Last;
        var last = _writing.Readings[^1].Sequence;
        _recent.Add(_writing.Readings, flushed);
        bool changed;
        lock (_gate)
        {
            // In one step with the state: whoever learns that a reading was not kept finds the log refusing.
            if (refusal is not null && flushed < last)
                _failed.Add(Math.Max(flushed + 1, _writing.Readings[0].Sequence), last, refusal);
            _flushed = last;
            changed = Enter(refusal is null ? IntakeState.Open : IntakeState.OutOfRoom, refusal);
        }
        if (refusal is null)
        {
            _writing.Complete();
        }
        else
        {
            _metrics.Failed((int)(last - Math.Max(flushed, _writing.Readings[0].Sequence - 1)));
            _writing.Fail(refusal);
        }
        lock (_gate)
            _writing.Clear();
        if (changed)
            Announce(refusal);
    }

    private void FindRoom()
    {
        try
        {
            _segments.Roll();
            Become(IntakeState.Open, null);
        }
        catch (IntakeUnavailableException capReached)
        {
            Become(IntakeState.OutOfRoom, capReached);
        }
        catch (IOException failure) when (StableStorage.IsOutOfRoom(failure))
        {
            Become(IntakeState.OutOfRoom, DiskFull(failure));
        }
    }

    private void Become(IntakeState state, IntakeUnavailableException? refusal)
    {
        bool changed;
        lock (_gate)
            changed = Enter(state, refusal);
        if (changed)
            Announce(refusal);
    }

    // Under the gate.
    private bool Enter(IntakeState state, IntakeUnavailableException? refusal)
    {
        var changed = state != _state;
        (_state, _refusal) = (state, refusal);
        return changed;
    }

    private void Announce(IntakeUnavailableException? refusal)
    {
        if (refusal is null)
            _logger.IntakeTakesAgain(_options.Folder);
        else
            _logger.IntakeRefuses(refusal.Message);
        StateChanged?.Invoke();
    }

    private void Fail(Exception failure)
    {
        var why = new IntakeUnavailableException(
            $"Intake log failed: {_options.Folder}: {failure.Message} No reading is taken or acknowledged any more. Check the disk (dmesg, edge doctor), then restart the node: it reads back everything that was acknowledged.", failure);
        lock (_gate)
        {
            // Together with the batches: a reading taken between the two would wait for ever.
            (_state, _refusal) = (IntakeState.Failed, why);
            foreach (var batch in new[] { _writing, _filling })
            {
                if (batch.IsEmpty)
                    continue;
                _failed.Add(batch.Readings[0].Sequence, batch.Readings[^1].Sequence, why);
                batch.Fail(why);
                batch.Clear();
            }
        }
        _logger.IntakeFailed(why.Message, failure);
        StateChanged?.Invoke();
    }

    private IntakeUnavailableException DiskFull(IOException failure) => new(
        $"Intake log refuses readings: the disk of {_options.Folder} has no room for another segment of {_options.SegmentBytes >> 10} KiB ({failure.Message}) "
        + "Free some space; it goes on by itself.", failure);
}

using Edge.Actors.Intake;
using Edge.Messages.Intake;
using Google.Protobuf;

namespace Edge.Node.Storage;

/// <summary>
/// Readings that go to the disk together and are acknowledged together: one task for all who wait. Reused; not thread-safe.
/// </summary>
internal sealed class IntakeBatch
{
    private const int UsualBytes = 256 << 10;

    private byte[] _bytes = new byte[UsualBytes];
    private int _length;
    private TaskCompletionSource _flushed = New();

    /// <summary>The readings, in order.</summary>
    public List<LoggedReading> Readings { get; } = [];

    /// <summary>Encoded records, not yet sealed.</summary>
    public Span<byte> Records => _bytes.AsSpan(0, _length);

    /// <summary>Bytes of the encoded records.</summary>
    public int Length => _length;

    /// <summary>Whether there is nothing to write.</summary>
    public bool IsEmpty => _length == 0;

    /// <summary>Whether the batch holds a sequence, or one above it.</summary>
    public bool Contains(long sequence) => Readings.Count > 0 && Readings[^1].Sequence >= sequence;

    /// <summary>Completes when the batch is on stable storage, fails when it is not.</summary>
    public Task Flushed => _flushed.Task;

    /// <summary>Appends a record.</summary>
    public void Add(long sequence, Reading reading, int payloadBytes)
    {
        var bytes = IntakeRecord.HeaderBytes + payloadBytes;
        if (_bytes.Length - _length < bytes)
            Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, _length + bytes));
        var record = _bytes.AsSpan(_length, bytes);
        IntakeRecord.WriteHeader(record, payloadBytes, sequence);
        reading.WriteTo(record[IntakeRecord.HeaderBytes..]);
        _length += bytes;
        Readings.Add(new LoggedReading(sequence, reading));
    }

    /// <summary>Lets the waiters go on, without running them here.</summary>
    public void Complete() => _flushed.TrySetResult();

    /// <summary>Tells the waiters that their readings are not safe.</summary>
    public void Fail(IntakeUnavailableException why)
    {
        _flushed.TrySetException(why);
        // Nobody may be waiting: a reading's device can be gone before its acknowledgement is due.
        _ = _flushed.Task.Exception;
    }

    /// <summary>Makes the batch ready for its next use; a buffer that grew far beyond the usual is given back.</summary>
    public void Clear()
    {
        _length = 0;
        if (_bytes.Length > 8 * UsualBytes)
            _bytes = new byte[UsualBytes];
        Readings.Clear();
        if (_flushed.Task.IsCompleted)
            _flushed = New();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

using System.Collections.Concurrent;
using System.Threading.Channels;
using Edge.Actors.Intake;
using Edge.Messages.Intake;
using Edge.Node.Mqtt;

namespace Edge.Node.Tests.Mqtt;

/// <summary>Stands for the disk: remembers what was appended, and flushes when the test says.</summary>
internal sealed class ScriptedIntake : IReadingIntake
{
    private readonly ConcurrentQueue<Reading> _taken = new();
    private readonly Channel<Reading> _arrived = Channel.CreateUnbounded<Reading>();
    private TaskCompletionSource _flush = Completed();
    private TaskCompletionSource _room = Completed();
    private int _last;

    public IReadOnlyCollection<Reading> Taken => _taken;

    public IntakeUnavailableException? Failure { get; set; }

    public void HoldFlush() => _flush = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Flush() => _flush.SetResult();

    public void FailFlush() => _flush.SetException(new IntakeUnavailableException("The disk is gone."));

    public void HoldRoom() => _room = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void GiveRoom() => _room.SetResult();

    public Task<Reading> NextAsync() =>
        Patience.For(_arrived.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask(), $"a reading; taken so far: {_taken.Count}");

    public long Take(Reading reading)
    {
        if (Failure is { } failure)
        {
            throw failure;
        }

        _taken.Enqueue(reading);
        _arrived.Writer.TryWrite(reading);
        return reading.Qos == 0 ? 0 : Interlocked.Increment(ref _last);
    }

    public ValueTask FlushedAsync(long sequence) => new(_flush.Task);

    public ValueTask RoomAsync(CancellationToken cancellation) => new(_room.Task.WaitAsync(cancellation));

    private static TaskCompletionSource Completed()
    {
        var completed = new TaskCompletionSource();
        completed.SetResult();
        return completed;
    }
}

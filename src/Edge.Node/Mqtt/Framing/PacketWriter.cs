using System.Buffers;

namespace Edge.Node.Mqtt.Framing;

/// <summary>
/// Gathers packets and writes them together: what is added while a write waits or runs goes out with the next one. A burst of small packets becomes a few
/// system calls instead of one each. Holds at most about <see cref="HighWaterBytes"/>; past it, adding waits for the peer.
/// </summary>
/// <param name="send">Sends all of the bytes. One call at a time.</param>
/// <param name="broken">Called once when a send failed or stalled; what is added later fails.</param>
/// <param name="stall">A send that takes longer fails with <see cref="TimeoutException"/>: the peer takes nothing.</param>
/// <param name="time">Clock of the stall limit.</param>
internal sealed class PacketWriter(Func<ReadOnlyMemory<byte>, ValueTask> send, Action broken, TimeSpan stall, TimeProvider time)
{
    private const int HighWaterBytes = 64 << 10;
    private const int KeptBytes = 16 << 10;

    private readonly Lock _gate = new();
    private ArrayBufferWriter<byte> _filling = new(256);
    private ArrayBufferWriter<byte> _sending = new(256);
    private TaskCompletionSource? _drained;
    private Task _flushing = Task.CompletedTask;
    private Exception? _failure;

    /// <summary>Adds a packet; completes at once while there is room. Throws <see cref="IOException"/> after a send failed.</summary>
    public ValueTask AddAsync(ReadOnlySpan<byte> head, ReadOnlySequence<byte> payload)
    {
        Task wait;
        lock (_gate)
        {
            ThrowIfFailed();
            _filling.Write(head);
            foreach (var part in payload)
            {
                _filling.Write(part.Span);
            }

            if (_flushing.IsCompleted)
            {
                _flushing = FlushAsync();
            }

            if (_filling.WrittenCount < HighWaterBytes)
            {
                return ValueTask.CompletedTask;
            }

            _drained ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            wait = _drained.Task;
        }

        return new(wait);
    }

    /// <summary>Completes when everything added so far is sent or failed.</summary>
    public Task DrainedAsync()
    {
        lock (_gate)
        {
            return _flushing;
        }
    }

    private void ThrowIfFailed()
    {
        if (_failure is { } failure)
        {
            throw new IOException("The connection is broken.", failure);
        }
    }

    private async Task FlushAsync()
    {
        // Let the rest of a burst join: whoever adds goes on adding before this continues.
        await Task.Yield();
        while (TakeBatch() is { } batch)
        {
            try
            {
                var sent = send(batch);
                await (sent.IsCompletedSuccessfully ? Task.CompletedTask : sent.AsTask().WaitAsync(stall, time));
            }
            catch (Exception failure) when (failure is IOException or System.Net.Sockets.SocketException or TimeoutException or ObjectDisposedException or OperationCanceledException)
            {
                Fail(failure);
                return;
            }
        }
    }

    private ReadOnlyMemory<byte>? TakeBatch()
    {
        lock (_gate)
        {
            _drained?.SetResult();
            _drained = null;
            if (_filling.WrittenCount == 0)
            {
                _flushing = Task.CompletedTask;
                return null;
            }

            var reuse = _sending.Capacity <= KeptBytes ? _sending : new ArrayBufferWriter<byte>(256);
            reuse.ResetWrittenCount();
            (_sending, _filling) = (_filling, reuse);
            return _sending.WrittenMemory;
        }
    }

    private void Fail(Exception failure)
    {
        lock (_gate)
        {
            _failure = failure;
            _drained?.SetException(new IOException("The connection is broken.", failure));
            _drained = null;
        }

        broken();
    }
}

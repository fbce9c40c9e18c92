using System.Text;

namespace Edge.Node.Demo;

/// <summary>
/// Plays a record as a device would: messages of <see cref="EcgMonitor.SamplesPerMessage"/> samples at QoS 1, each when its samples are due. At most
/// <see cref="Window"/> messages wait for their acknowledgement; past it the player waits, and the signal takes longer than it should.
/// </summary>
internal sealed class EcgPlayer(DemoClient client, EcgRecord record, EcgMonitor monitor, TimeProvider time)
{
    /// <summary>Messages under way at most.</summary>
    private const int Window = 64;

    private readonly Queue<Task> _underWay = new(Window);
    private long _message;

    /// <summary>
    /// Plays until the record ends (with <paramref name="loop"/>: over and over), and returns when all is acknowledged. <paramref name="stop"/> ends it
    /// between messages.
    /// </summary>
    /// <exception cref="DemoException">The broker refused a message, or is gone.</exception>
    public async Task PlayAsync(double speed, bool loop, CancellationToken stop)
    {
        var start = time.GetTimestamp();
        try
        {
            do await PlayOnceAsync(start, speed, stop);
            while (loop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The person had enough: what was sent is still waited for.
        }
        await Task.WhenAll(_underWay);
    }

    // Samples after the last whole message are left out; the record has none.
    private async Task PlayOnceAsync(long start, double speed, CancellationToken stop)
    {
        for (var first = 0; first + EcgMonitor.SamplesPerMessage <= record.Samples.Count; first += EcgMonitor.SamplesPerMessage)
        {
            await DueAsync(start, speed, stop);
            if (_underWay.Count == Window) await _underWay.Dequeue();
            var samples = record.Samples.Skip(first).Take(EcgMonitor.SamplesPerMessage).ToArray();
            monitor.Sending(_message, samples);
            _underWay.Enqueue(client.PublishAsync(DemoTopics.Signal, Payload(_message, monitor.TimeUs(_message), samples)));
            _message++;
        }
    }

    private Task DueAsync(long start, double speed, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        var due = TimeSpan.FromSeconds(_message * EcgMonitor.SamplesPerMessage / (EcgRecord.RateHz * speed));
        var wait = due - time.GetElapsedTime(start);
        return wait > TimeSpan.Zero ? Task.Delay(wait, time, stop) : Task.CompletedTask;
    }

    private static byte[] Payload(long sequence, long timeUs, short[] samples) =>
        Encoding.UTF8.GetBytes($$"""{"seq":{{sequence}},"t":{{timeUs}},"raw":[{{string.Join(',', samples)}}]}""");
}

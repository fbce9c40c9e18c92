using Edge.Actors.Channels;
using Edge.Messages.Intake;
using Google.Protobuf;
using Microsoft.Extensions.Logging;

namespace Edge.Actors.Intake;

/// <summary>
/// Where a node's channels hand their messages: on to the broker, and into the channels of the same tenant whose source takes their topic. Those of QoS 1 and 2 go through the
/// intake log and are on stable storage before <see cref="PublishAsync"/> completes, so that the sender may commit what caused them. While the log takes nothing it waits and tries again.
/// </summary>
/// <remarks>
/// A sender that begins anew from its last commit gives the same messages again, with the same ids. The log still holds the first copies then (it is trimmed only past what
/// every channel committed), so copies are told by <see cref="FedOutputs"/> and left out; only a log that fails after it took a message makes one come twice. Circles are for the
/// manifests' check to find: nothing counts hops here.
/// </remarks>
internal sealed partial class ChannelFeed : IMessageSink, IDisposable
{
    /// <summary>Longest payload that a source may take, in bytes; a longer message goes to the broker only.</summary>
    public const int PayloadMax = 1 << 20;

    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    private readonly IMessageSink _broker;
    private readonly IntakeRouter _router;
    private readonly FedOutputs _fed;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationToken _stopping;
    private long _count;
    private int _held;

    public ChannelFeed(IMessageSink broker, IntakeRouter router, IIntakeLog intake, TimeProvider time, ILogger<ChannelFeed> log)
    {
        (_broker, _router, _fed, _time, _log) = (broker, router, new(intake), time, log);
        _stopping = _stop.Token;
    }

    /// <summary>Messages that went into channels of this node.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <inheritdoc/>
    /// <exception cref="IntakeUnavailableException">The node stops while the log takes nothing: what caused the messages must not be committed.</exception>
    public async ValueTask PublishAsync(IReadOnlyList<OutboundMessage> messages)
    {
        List<Reading>? wanted = null;
        foreach (var message in messages)
        {
            if (!_router.Wants(message.Tenant.Value, message.Topic)) continue;
            if (message.Payload.Length > PayloadMax) LogTooLong(message.Topic, message.Tenant.Value, message.Payload.Length);
            else (wanted ??= []).Add(ToReading(message));
        }

        var feeding = wanted is null ? Task.CompletedTask : FeedAsync(wanted);
        await _broker.PublishAsync(messages);
        await feeding;
    }

    /// <summary>Ends the waiting for a log that takes nothing.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    private async Task FeedAsync(List<Reading> readings)
    {
        if (readings.Exists(reading => reading.Qos > 0)) await _fed.KnownAsync();
        readings.RemoveAll(reading => _fed.Contains(reading));
        while (readings.Count > 0)
        {
            long last = 0;
            foreach (var reading in readings) last = Math.Max(last, await TakeAsync(reading));
            readings.RemoveAll(reading => reading.Qos == 0);
            if (!await FlushedAsync(last)) continue;
            foreach (var reading in readings) _fed.Add(reading, last);
            return;
        }
    }

    private async ValueTask<long> TakeAsync(Reading reading)
    {
        while (true)
        {
            try
            {
                var sequence = _router.Take(reading);
                Interlocked.Increment(ref _count);
                return sequence;
            }
            catch (IntakeUnavailableException unavailable)
            {
                await HoldAsync(unavailable);
            }
        }
    }

    private async ValueTask<bool> FlushedAsync(long sequence)
    {
        try
        {
            await _router.FlushedAsync(sequence);
            if (_held != 0 && Interlocked.Exchange(ref _held, 0) == 1) LogGoesOn();
            return true;
        }
        catch (IntakeUnavailableException unavailable)
        {
            await HoldAsync(unavailable);
            return false;
        }
    }

    private async Task HoldAsync(IntakeUnavailableException unavailable)
    {
        if (Interlocked.Exchange(ref _held, 1) == 0) LogHeld(unavailable.Message);
        try
        {
            await Task.Delay(Retry, _time, _stopping);
        }
        catch (OperationCanceledException)
        {
            throw new IntakeUnavailableException($"Messages for other channels could not be stored before the node stopped: {unavailable.Message}", unavailable);
        }
    }

    private Reading ToReading(OutboundMessage message) => new()
    {
        Tenant = message.Tenant.Value,
        Topic = message.Topic,
        Payload = UnsafeByteOperations.UnsafeWrap(message.Payload),
        ArrivalUs = (_time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond,
        Qos = message.Qos,
        ClientId = "$edge",
        TraceParent = message.TraceParent ?? "",
        TraceState = message.TraceState ?? "",
        OutputId = message.MessageId,
    };

    [LoggerMessage(2030, LogLevel.Error, "Messages from channels to channels wait, and so do the channels that send them: {Reason}")]
    private partial void LogHeld(string reason);

    [LoggerMessage(2031, LogLevel.Warning, "Messages from channels to channels are taken again")]
    private partial void LogGoesOn();

    [LoggerMessage(2032, LogLevel.Warning, "A message of {Bytes} bytes to topic '{Topic}' of tenant '{Tenant}' goes to subscribers only: channels take at most 1 MiB")]
    private partial void LogTooLong(string topic, string tenant, int bytes);
}

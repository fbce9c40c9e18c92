using Edge.Actors.Intake;
using Microsoft.Extensions.Logging;
using MQTTnet.Protocol;

namespace Edge.Node.Mqtt;

/// <summary>What all connections of the broker share.</summary>
internal sealed partial class BrokerParts(
    MqttBrokerOptions options, ReadingFactory readings, MqttMetrics metrics, TimeProvider time, ILogger<MqttBroker> log)
{
    private volatile bool _stopped;
    private int _intakeFailed;

    public MqttBrokerOptions Options => options;

    /// <summary>Set before the first client is accepted.</summary>
    public IReadingIntake Intake { get; set; } = null!;

    public ReadingFactory Readings => readings;

    public MqttMetrics Metrics => metrics;

    public TimeProvider Time => time;

    public ClientSessions Sessions { get; } = new(options.MaxSessions);

    /// <summary>From now on no PUBLISH is taken any more: what is in flight may finish, sockets are not read past the next message.</summary>
    public void StopTaking() => _stopped = true;

    /// <summary>Completes when a message of this QoS may be taken: at once, unless the node asks for a pause or is stopping.</summary>
    public ValueTask OpenForPublishAsync(MqttQualityOfServiceLevel qos, CancellationToken cancellation)
    {
        if (_stopped)
        {
            return new(Task.Delay(Timeout.InfiniteTimeSpan, time, cancellation));
        }

        return qos == MqttQualityOfServiceLevel.AtMostOnce ? ValueTask.CompletedTask : Intake.RoomAsync(cancellation);
    }

    /// <summary>Waits until a reading is on stable storage; false when it is not, and then it must not be acknowledged.</summary>
    public async ValueTask<bool> TryFlushAsync(long sequence)
    {
        if (sequence == 0)
        {
            return true;
        }

        try
        {
            await Intake.FlushedAsync(sequence);
            IntakeWorks();
            return true;
        }
        catch (IntakeUnavailableException failure)
        {
            IntakeFailed(failure);
            return false;
        }
    }

    /// <summary>Says once that readings cannot be stored, until they can again.</summary>
    public void IntakeFailed(IntakeUnavailableException failure)
    {
        if (Interlocked.Exchange(ref _intakeFailed, 1) == 0)
        {
            LogIntakeFailed(failure.Message);
        }
    }

    /// <summary>Counts and notes that a connection ends because of what its client did.</summary>
    public void Refused(MqttConnection connection, PeerRefusal refusal)
    {
        if (connection.Session is null)
        {
            metrics.ConnectionRejected(refusal.Kind);
        }
        else
        {
            metrics.Refused(refusal.Kind);
        }

        LogRefused(connection.ClientId, connection.RemoteEndPoint, refusal.Reason, refusal.Message);
    }

    private void IntakeWorks()
    {
        if (_intakeFailed != 0 && Interlocked.Exchange(ref _intakeFailed, 0) == 1)
        {
            LogIntakeWorks();
        }
    }

    [LoggerMessage(3001, LogLevel.Error, "Readings of QoS 1 and 2 are refused, their clients disconnected: {Reason}")]
    private partial void LogIntakeFailed(string reason);

    [LoggerMessage(3002, LogLevel.Warning, "Readings of QoS 1 and 2 are taken again")]
    private partial void LogIntakeWorks();

    [LoggerMessage(3003, LogLevel.Debug, "Client {Client} at {Address} was disconnected: {Reason}: {Message}")]
    private partial void LogRefused(string client, System.Net.EndPoint address, MqttDisconnectReasonCode reason, string message);
}

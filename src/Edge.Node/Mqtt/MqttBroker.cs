using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Text;
using Edge.Actors.Channels;
using Edge.Node.Mqtt.Devices;
using Microsoft.Extensions.Logging;
using MQTTnet;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using MQTTnet.Server;

namespace Edge.Node.Mqtt;

/// <summary>
/// The node's MQTT broker (3.1.1 and 5) around MQTTnet's session layer, which a broker of our own will replace: nothing outside this folder knows the library.
/// Promises: a QoS 1 or 2 message is acknowledged only after its reading is on stable storage; tenants share no topic, client id or retained message;
/// a peer that has not signed in costs at most what <see cref="MqttBrokerOptions"/> allows. Sessions and retained messages live in memory, and wills are no readings.
/// </summary>
internal sealed class MqttBroker : IMessageSink, IAsyncDisposable
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(3);

    private readonly BrokerParts _parts;
    private readonly MqttListener _listener;
    private readonly MqttServer _server;
    private readonly ActivitySource _activities;

    private MqttBroker(
        MqttBrokerOptions options, DeviceAuthenticator devices, IMeterFactory meters, ActivitySource activities, TimeProvider time, ILogger<MqttBroker> log)
    {
        _activities = activities;
        _parts = new(options, new ReadingFactory(activities, time), new MqttMetrics(meters), time, log);
        _listener = new(_parts);
        _server = new(ServerOptions(options), [_listener], new MqttnetLog(log));
        _server.ValidatingConnectionAsync += new SignIn(_parts, devices).ValidateAsync;
        _server.InterceptingSubscriptionAsync += Subscriptions.JudgeAsync;
        _server.SessionDeletedAsync += deleted =>
        {
            _parts.Sessions.Remove(deleted.Id);
            Filters.RemoveAll(deleted.Id);
            return Task.CompletedTask;
        };
        _server.ClientSubscribedTopicAsync += subscribed =>
        {
            Filters.Add(subscribed.ClientId, subscribed.TopicFilter.Topic);
            return Task.CompletedTask;
        };
        _server.ClientUnsubscribedTopicAsync += unsubscribed =>
        {
            Filters.Remove(unsubscribed.ClientId, unsubscribed.TopicFilter);
            return Task.CompletedTask;
        };
        _server.ApplicationMessageEnqueuedOrDroppedAsync += queued =>
        {
            if (queued.IsDropped)
            {
                _parts.Metrics.Dropped();
            }

            return Task.CompletedTask;
        };
    }

    /// <summary>Where it listens, with the port that the system picked.</summary>
    public IPEndPoint EndPoint => _listener.EndPoint;

    /// <summary>What clients subscribe to.</summary>
    public SubscribedFilters Filters { get; } = new();

    /// <summary>Sessions, connected or waiting for their client.</summary>
    public int SessionCount => _parts.Sessions.Count;

    /// <summary>Binds the port and takes what channels send (for retained messages and later subscribers); clients wait in the listen queue until <see cref="Accept"/>.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">The port cannot be bound.</exception>
    public static async Task<MqttBroker> OpenAsync(
        MqttBrokerOptions options, DeviceAuthenticator devices, IMeterFactory meters, ActivitySource activities, TimeProvider time, ILogger<MqttBroker> log)
    {
        var broker = new MqttBroker(options, devices, meters, activities, time, log);
        await broker._server.StartAsync();
        return broker;
    }

    /// <summary>Accepts clients from now on, and hands their messages to <paramref name="intake"/>.</summary>
    public void Accept(IReadingIntake intake)
    {
        _parts.Intake = intake;
        _listener.Accept();
    }

    /// <summary>First half of a stop: no new connections and no new messages; clients stay connected and still get what channels send.</summary>
    public Task StopTakingAsync()
    {
        _parts.StopTaking();
        return _listener.StopAcceptingAsync();
    }

    /// <summary>
    /// Second half of a stop: tells clients of MQTT 5 that the server shuts down (0x8B), closes all connections and waits for them to end. A client that does not take
    /// its last bytes within <see cref="StopLimit"/> is cut off.
    /// </summary>
    public async Task StopAsync()
    {
        var stopping = _server.StopAsync(new MqttServerStopOptions
        {
            DefaultClientDisconnectOptions = new MqttServerClientDisconnectOptions { ReasonCode = MqttDisconnectReasonCode.ServerShuttingDown },
        });
        try
        {
            await stopping.WaitAsync(StopLimit, _parts.Time);
        }
        catch (TimeoutException)
        {
            _listener.CutOff();
            await stopping;
        }
    }

    /// <inheritdoc/>
    public async ValueTask PublishAsync(IReadOnlyList<OutboundMessage> messages)
    {
        foreach (var message in messages)
        {
            using var span = StartSpan(message);
            await _server.InjectApplicationMessage(new InjectedMqttApplicationMessage(ToLibrary(message, span?.Id ?? message.TraceParent)) { SenderClientId = "$edge" });
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _server.Dispose();
    }

    private static MqttServerOptions ServerOptions(MqttBrokerOptions options) => new()
    {
        EnablePersistentSessions = true,
        DefaultCommunicationTimeout = options.ConnectTimeout,
        MaxPendingMessagesPerClient = options.MaxQueuedPerClient,

        // Dropping the oldest instead leaks: the library keeps a dropped QoS 1 message in its list of unacknowledged ones for ever.
        PendingMessagesOverflowStrategy = MqttPendingMessagesOverflowStrategy.DropNewMessage,
    };

    private Activity? StartSpan(OutboundMessage message)
    {
        if (message.TraceParent is null || !ActivityContext.TryParse(message.TraceParent, message.TraceState, isRemote: false, out var parent))
        {
            return null;
        }

        return _activities.StartActivity("mqtt publish", ActivityKind.Producer, parent)
            ?.SetTag("messaging.system", "mqtt")
            .SetTag("messaging.operation.type", "send")
            .SetTag("messaging.destination.name", message.Topic)
            .SetTag("edge.tenant", message.Tenant.Value);
    }

    private static MqttApplicationMessage ToLibrary(OutboundMessage message, string? traceParent) => new()
    {
        Topic = TenantMount.Mount(message.Tenant, message.Topic),
        Payload = new(message.Payload),
        QualityOfServiceLevel = (MqttQualityOfServiceLevel)message.Qos,
        Retain = message.Retain,
        UserProperties = Properties(message, traceParent),
    };

    private static List<MqttUserProperty> Properties(OutboundMessage message, string? traceParent)
    {
        List<MqttUserProperty> properties = [Property("edge-id", message.MessageId)];
        if (traceParent is null)
        {
            return properties;
        }

        properties.Add(Property("traceparent", traceParent));

        // Without a traceparent it says nothing: a receiver must drop it (W3C Trace Context §3.3).
        if (!string.IsNullOrEmpty(message.TraceState))
        {
            properties.Add(Property("tracestate", message.TraceState));
        }

        return properties;
    }

    private static MqttUserProperty Property(string name, string value) => new(name, Encoding.UTF8.GetBytes(value).AsMemory());
}

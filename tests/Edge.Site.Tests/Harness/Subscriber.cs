using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics;
using MQTTnet;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Edge.Site.Tests.Harness;

/// <summary>What an application on one node sees of the channel: every output in the order in which it came, copies included.</summary>
internal sealed class Subscriber : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly List<Output> _outputs = [];
    private readonly List<(Func<Output, bool> Wanted, TaskCompletionSource<Output> Came)> _waits = [];
    private IMqttClient _client;
    private int _connection;

    private Subscriber(NodeProcess node, IMqttClient client) => (Node, _client) = (node, client);

    /// <summary>Where it listens.</summary>
    public NodeProcess Node { get; }

    public IReadOnlyList<Output> Outputs
    {
        get { lock (_lock) return [.. _outputs]; }
    }

    public static async Task<Subscriber> StartAsync(NodeProcess node)
    {
        var subscriber = new Subscriber(node, await Mqtt.ConnectAsync(node, $"subscriber-{node.Name}"));
        await subscriber.SubscribeAsync();
        return subscriber;
    }

    /// <summary>After a break. What was sent meanwhile is not seen.</summary>
    public async Task GoOnAsync()
    {
        _client.Dispose();
        _client = await Mqtt.ConnectAsync(Node, $"subscriber-{Node.Name}");
        lock (_lock) _connection++;
        await SubscribeAsync();
    }

    /// <summary>The first output, of those that came and those that come, that is wanted.</summary>
    public Task<Output> WhenAsync(string phase, Func<Output, bool> wanted)
    {
        TaskCompletionSource<Output> came = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_outputs.Find(output => wanted(output)) is { } before) return Task.FromResult(before);
            _waits.Add((wanted, came));
        }

        return Waiting.ForAsync(came.Task, phase, () => Outputs is [.., var last] ? $"{Outputs.Count} outputs, the last {last}" : "no output");
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task SubscribeAsync()
    {
        _client.ApplicationMessageReceivedAsync += message =>
        {
            Received(message.ApplicationMessage);
            return Task.CompletedTask;
        };
        await _client.SubscribeAsync("out/+", MqttQualityOfServiceLevel.AtLeastOnce);
    }

    private void Received(MqttApplicationMessage message)
    {
        var payload = message.Payload.ToArray();
        lock (_lock)
        {
            var output = new Output(
                message.Topic.Split('/')[^1], message.UserProperties.Single(property => property.Name == "edge-id").ReadValueAsString(),
                BinaryPrimitives.ReadInt64LittleEndian(payload), BinaryPrimitives.ReadInt64LittleEndian(payload.AsSpan(8)), BinaryPrimitives.ReadInt64LittleEndian(payload.AsSpan(16)),
                _connection, Stopwatch.GetTimestamp());
            _outputs.Add(output);
            foreach (var wait in _waits.Where(wait => wait.Wanted(output)).ToList())
            {
                wait.Came.TrySetResult(output);
                _waits.Remove(wait);
            }
        }
    }
}

/// <summary>An output of the channel.</summary>
/// <param name="Key">The producer that it is about.</param>
/// <param name="Id">Its stable id.</param>
/// <param name="Number">The producer's number that caused it.</param>
/// <param name="Count">Numbers counted so far, by the module's own state.</param>
/// <param name="Sum">Their sum.</param>
/// <param name="Connection">Which connection of the subscriber it came on.</param>
/// <param name="At">When, by the monotonic clock.</param>
internal sealed record Output(string Key, string Id, long Number, long Count, long Sum, int Connection, long At);

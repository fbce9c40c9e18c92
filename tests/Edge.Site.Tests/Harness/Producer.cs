using System.Buffers.Binary;
using System.Diagnostics;
using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Protocol;

namespace Edge.Site.Tests.Harness;

/// <summary>
/// A device that sends 1, 2, 3, … at QoS 1, each when the one before is acknowledged. It knows what it was promised, and what it cannot know: the one number that was under way when its connection broke is
/// neither sent again nor expected.
/// </summary>
internal sealed class Producer : IAsyncDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(5);

    private readonly List<long> _acknowledged = [];
    private readonly List<long> _unclear = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private Task _sending = Task.CompletedTask;
    private IMqttClient? _client;
    private long _next;
    private long _lastAt;

    private Producer(string key, NodeProcess node) => (Key, Node) = (key, node);

    public string Key { get; }

    /// <summary>Where it sends to.</summary>
    public NodeProcess Node { get; }

    /// <summary>Numbers that the node acknowledged.</summary>
    public IReadOnlyList<long> Acknowledged
    {
        get { lock (_lock) return [.. _acknowledged]; }
    }

    /// <summary>Numbers that were under way when a connection broke.</summary>
    public IReadOnlyList<long> Unclear
    {
        get { lock (_lock) return [.. _unclear]; }
    }

    /// <summary>Longest time between two acknowledgements.</summary>
    public TimeSpan LongestWait { get; private set; }

    /// <summary>Begins to send to a node, until <see cref="StopAsync"/>, or the connection breaks.</summary>
    public static async Task<Producer> StartAsync(string key, NodeProcess node)
    {
        var producer = new Producer(key, node);
        await producer.GoOnAsync();
        return producer;
    }

    /// <summary>Connects and goes on after the last number.</summary>
    public async Task GoOnAsync()
    {
        await _sending;
        var client = _client = await Mqtt.ConnectAsync(Node, $"producer-{Key}");
        _lastAt = Stopwatch.GetTimestamp();
        _sending = SendAsync(client);
    }

    /// <summary>Ends, when the number under way is acknowledged.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await Waiting.ForAsync(_sending.ContinueWith(_ => true, TaskScheduler.Default), $"{Key}: the acknowledgement of the number under way", () => $"{Acknowledged.Count} acknowledged, {Unclear.Count} unclear");
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        if (_client is { } client) client.Dispose();
        await _sending;
        _stopping.Dispose();
    }

    private async Task SendAsync(IMqttClient client)
    {
        await Task.Yield();
        using var pace = new PeriodicTimer(Pace);
        using (client)
        {
            while (!_stopping.IsCancellationRequested)
            {
                var number = Interlocked.Increment(ref _next);
                if (!await TrySendAsync(client, number))
                {
                    lock (_lock) _unclear.Add(number);
                    return;
                }

                lock (_lock) _acknowledged.Add(number);
                var now = Stopwatch.GetTimestamp();
                if (Stopwatch.GetElapsedTime(_lastAt, now) is var waited && waited > LongestWait) LongestWait = waited;
                _lastAt = now;
                await pace.WaitForNextTickAsync(CancellationToken.None);
            }

            await client.TryDisconnectAsync();
        }
    }

    private async Task<bool> TrySendAsync(IMqttClient client, long number)
    {
        var payload = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(payload, number);
        var message = new MqttApplicationMessageBuilder().WithTopic($"in/{Key}").WithPayload(payload).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build();
        using var limit = new CancellationTokenSource(Waiting.Limit);
        try
        {
            return (await client.PublishAsync(message, limit.Token)).IsSuccess;
        }
        catch (Exception broken) when (broken is MqttCommunicationException or MqttClientNotConnectedException or OperationCanceledException or ObjectDisposedException)
        {
            return false;
        }
    }
}

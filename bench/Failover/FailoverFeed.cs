using System.Diagnostics;
using System.Text;
using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace Edge.Bench.Failover;

/// <summary>Sends a counter a hundred times a second at QoS 1 to a node that only passes it on, and notes when each number was sent, acknowledged and came out. Ends with <see cref="DisposeAsync"/>.</summary>
internal sealed class FailoverFeed : IAsyncDisposable
{
    /// <summary>Readings under way that are not acknowledged; more are not begun.</summary>
    private const int UnderWayMax = 4_000;

    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly List<(long Number, long At)> _outputs = [];
    private readonly HashSet<long> _came = [];
    private readonly HashSet<long> _acknowledged = [];
    private readonly List<(Func<bool> Wanted, TaskCompletionSource Met)> _waits = [];
    private readonly long _first;
    private readonly BrokerRelay _relay;
    private long _next;
    private int _underWay;
    private Task _sending = Task.CompletedTask;

    private FailoverFeed(long first, BrokerRelay relay) => (_first, _next, _relay) = (first, first, relay);

    /// <summary>The number that is sent next.</summary>
    public long Next => Volatile.Read(ref _next);

    /// <summary>Connects to a node and begins to send.</summary>
    /// <exception cref="BenchException">It cannot.</exception>
    public static async Task<FailoverFeed> StartAsync(SiteNodeProcess node, long first)
    {
        var feed = await WatchAsync(node, first);
        feed._sending = feed.SendAsync();
        return feed;
    }

    /// <summary>Connects to a node and only looks at what comes out.</summary>
    /// <exception cref="BenchException">It cannot.</exception>
    public static async Task<FailoverFeed> WatchAsync(SiteNodeProcess node, long first)
    {
        var feed = new FailoverFeed(first, node.Broker());
        feed._client.ApplicationMessageReceivedAsync += message => feed.CameAsync(message.ApplicationMessage);
        try
        {
            await feed._client.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", feed._relay.Port).WithProtocolVersion(MqttProtocolVersion.V500).WithTimeout(Limit).WithClientId($"bench-{first}").Build());
            await feed._client.SubscribeAsync(new MqttClientSubscribeOptionsBuilder().WithTopicFilter("out/count", MqttQualityOfServiceLevel.AtLeastOnce).Build());
        }
        catch (MqttCommunicationException refused)
        {
            throw new BenchException($"The broker of '{node.Name}' does not answer: {refused.GetBaseException().Message}");
        }
        return feed;
    }

    /// <summary>Waits until so many numbers came out.</summary>
    public Task FlowingAsync(int count) => UntilAsync(() => _came.Count >= count, () => $"{_came.Count} of {count} outputs came");

    /// <summary>Waits for an output of a reading that was sent as <paramref name="number"/> or later: it is of who owns the channel then. Returns when it came.</summary>
    public async Task<long> FirstFromAsync(long number)
    {
        await UntilAsync(() => _outputs.Count > 0 && _outputs[^1].Number >= number, () => $"no output of {number} or later; the last of {_outputs.Count} was {(_outputs.Count > 0 ? _outputs[^1].Number : -1)}, {_acknowledged.Count} readings were acknowledged");
        lock (_gate) return _outputs.First(output => output.Number >= number).At;
    }

    /// <summary>Ends the sending, and waits until all that was acknowledged came out, or no more comes for ten seconds.</summary>
    /// <returns>Readings that were acknowledged and never came out.</returns>
    public async Task<int> EndAsync()
    {
        await _stop.CancelAsync();
        await _sending;
        try
        {
            await UntilAsync(() => _acknowledged.IsSubsetOf(_came), () => "", TimeSpan.FromSeconds(10));
        }
        catch (BenchException)
        {
            // Counted below.
        }
        lock (_gate) return _acknowledged.Count(number => !_came.Contains(number));
    }

    /// <summary>
    /// Outputs since a moment that came again or too late and that no owner named by the book explains. An owner sends each number once and in order, and begins at the last copy of the state: each further owner explains
    /// one group of late outputs, the longest ones are taken as theirs.
    /// </summary>
    /// <param name="moment">When what was under way has come.</param>
    /// <param name="owners">Owners since then.</param>
    public IReadOnlyList<(long Number, long At)> StaleSince(long moment, int owners)
    {
        var late = new List<List<(long Number, long At)>>();
        lock (_gate)
        {
            var (highest, before) = (long.MinValue, long.MinValue);
            foreach (var output in _outputs.Where(output => output.At >= moment))
            {
                if (output.Number > highest) highest = output.Number;
                else if (output.Number <= before || late.Count == 0) late.Add([output]);
                else late[^1].Add(output);
                before = output.Number;
            }
        }
        return [.. late.OrderByDescending(group => group.Count).Skip(Math.Max(0, owners - 1)).SelectMany(group => group)];
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _sending;
        _client.Dispose();
        _relay.Dispose();
        _stop.Dispose();
    }

    private async Task SendAsync()
    {
        using var timer = new PeriodicTimer(Every);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
                if (Volatile.Read(ref _underWay) < UnderWayMax) _ = SendOneAsync(Interlocked.Increment(ref _next) - 1);
        }
        catch (OperationCanceledException)
        {
            // It was asked to end.
        }
    }

    private async Task SendOneAsync(long number)
    {
        Interlocked.Increment(ref _underWay);
        try
        {
            var message = new MqttApplicationMessageBuilder().WithTopic("in/count").WithPayload($"1.5 {number}").WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build();
            if ((await _client.PublishAsync(message, CancellationToken.None)).IsSuccess)
                lock (_gate) _acknowledged.Add(number);
        }
        catch (Exception lost) when (lost is MqttCommunicationException or MqttClientNotConnectedException or OperationCanceledException or ObjectDisposedException)
        {
            // Not acknowledged: nothing was promised.
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
            Look();
        }
    }

    private Task CameAsync(MqttApplicationMessage message)
    {
        var text = Encoding.ASCII.GetString(message.Payload);
        var number = long.Parse(text[(text.IndexOf(' ') + 1)..], null);
        lock (_gate)
        {
            // What an earlier run left under way belongs to it.
            if (number >= _first)
            {
                _outputs.Add((number, Stopwatch.GetTimestamp()));
                _came.Add(number);
            }
        }
        Look();
        return Task.CompletedTask;
    }

    private void Look()
    {
        lock (_gate)
        {
            foreach (var (wanted, met) in _waits)
                if (wanted()) met.TrySetResult();
            _waits.RemoveAll(wait => wait.Met.Task.IsCompleted);
        }
    }

    private async Task UntilAsync(Func<bool> wanted, Func<string> words, TimeSpan? limit = null)
    {
        var met = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate) _waits.Add((wanted, met));
        Look();
        try
        {
            await met.Task.WaitAsync(limit ?? Limit);
        }
        catch (TimeoutException)
        {
            lock (_gate) throw new BenchException($"It took more than {(limit ?? Limit).TotalSeconds} s: {words()}.");
        }
    }
}

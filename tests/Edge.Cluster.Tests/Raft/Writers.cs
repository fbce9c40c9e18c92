using System.Globalization;

namespace Edge.Cluster.Tests.Raft;

/// <summary>Clients that write and read registers all the time, through whichever voter runs, and record what they saw.</summary>
internal sealed class Writers : IAsyncDisposable
{
    private readonly TestSite _site;
    private readonly RegisterHistory _history;
    private readonly CancellationTokenSource _ending = new();
    private readonly Task[] _clients;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, string> _lastAcknowledged = [];
    private TaskCompletionSource _acknowledged = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _values;

    public Writers(TestSite site, RegisterHistory history, int clients, int keys, double reads)
    {
        (_site, _history) = (site, history);
        _clients = [.. Enumerable.Range(0, clients).Select(client => Task.Run(() => RunAsync(client, keys, reads)))];
    }

    /// <summary>Completes with the next acknowledged write.</summary>
    public async Task NextAsync(string what)
    {
        TaskCompletionSource next;
        lock (_lock)
            next = _acknowledged = new(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            await next.Task.WaitAsync(VoterProcess.Patience, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"No write was acknowledged within {VoterProcess.Patience.TotalSeconds} s: {what}");
        }
    }

    /// <summary>The client's own last acknowledged value, by key; meaningful when each key has one client.</summary>
    public IReadOnlyDictionary<string, string> LastAcknowledged => _lastAcknowledged;

    /// <summary>Ends all clients; every operation that was called is recorded then.</summary>
    public async Task StopAsync()
    {
        await _ending.CancelAsync();
        await Task.WhenAll(_clients);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _ending.Dispose();
    }

    private async Task RunAsync(int client, int keys, double reads)
    {
        var random = new Random(client);
        while (!_ending.IsCancellationRequested)
        {
            var running = _site.Running.Values.ToArray();
            if (running.Length == 0)
            {
                await Task.Delay(20, CancellationToken.None);
                continue;
            }
            var voter = running[random.Next(running.Length)];
            var key = $"k{(keys == 0 ? client : random.Next(keys))}";
            var called = RegisterHistory.Now;
            if (random.NextDouble() < reads)
            {
                if (await voter.TryAskAsync("get", key) is ['o', 'k', ' ', .. var value])
                    _history.Get(key, value, called, RegisterHistory.Now);
                continue;
            }
            var written = Interlocked.Increment(ref _values).ToString(CultureInfo.InvariantCulture);
            var acknowledged = (await voter.TryAskAsync("put", key, written)).StartsWith("ok", StringComparison.Ordinal);
            _history.Put(key, written, called, acknowledged ? RegisterHistory.Now : null);
            if (acknowledged)
            {
                lock (_lock)
                {
                    _lastAcknowledged[key] = written;
                    _acknowledged.TrySetResult();
                }
            }
            else
            {
                // No seat here yet, or no leader: the client goes elsewhere, but not in a tight circle.
                await Task.Delay(20, CancellationToken.None);
            }
        }
    }
}

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Edge.Node.Admin.Routes;
using Edge.Node.Cli.Remote;
using Edge.Site.Tests.Harness;

namespace Edge.Site.Tests.Invariants;

/// <summary>
/// One administrator writes 1, 2, 3, … into a document of the book while others read it on every node; the recorded history must be linearizable (Herlihy and Wing, 1990). With one writer whose values grow
/// and whose writes state the version that they were made of, that is: a read returns no less than any write or read that had ended before it began, and no more than any write that had begun before it ended.
/// </summary>
internal sealed class BookHistory : IAsyncDisposable
{
    private const string Path = "api/v1/resources/Tenant/-/probe";
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentQueue<Operation> _history = new();
    private readonly CancellationTokenSource _ending = new();
    private Task _running = Task.CompletedTask;

    public async Task StartAsync(IReadOnlyList<NodeProcess> nodes)
    {
        using (var api = nodes[0].Api())
        {
            // A site that was used before holds the value of an earlier run.
            var (value, _) = await LookAsync(api);
            _history.Enqueue(new("an earlier run", IsRead: false, value, long.MinValue, long.MinValue));
        }

        _running = Task.WhenAll(nodes.Select(ReadAsync).Append(WriteAsync(nodes[0])));
    }

    public async Task StopAsync()
    {
        await _ending.CancelAsync();
        await _running.WaitAsync(TimeSpan.FromSeconds(60));
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _ending.Dispose();
    }

    public void Check()
    {
        var reads = _history.Where(one => one is { IsRead: true, Ended: not null }).ToList();
        Assert.NotEmpty(reads);
        foreach (var read in reads)
        {
            var least = _history.Where(one => one.Ended < read.Began).Select(one => one.Value).DefaultIfEmpty(0).Max();
            var most = _history.Where(one => !one.IsRead && one.Began < read.Ended).Select(one => one.Value).DefaultIfEmpty(0).Max();
            Assert.True(read.Value >= least && read.Value <= most, $"{read.Where} read {read.Value}; before it began {least} was there already, before it ended nobody had begun to write more than {most}.");
        }
    }

    private async Task WriteAsync(NodeProcess node)
    {
        long value = 0;
        ulong? version = null;
        using var pace = new PeriodicTimer(Pace);
        while (!_ending.IsCancellationRequested)
        {
            await pace.WaitForNextTickAsync(CancellationToken.None);
            try
            {
                using var api = node.Api();
                if (version is null) (value, version) = await LookAsync(api);
                var began = Stopwatch.GetTimestamp();
                var unclear = new Operation(node.Name, IsRead: false, ++value, began, null);
                _history.Enqueue(unclear);
                var view = new ApplyView { Files = [new ManifestFileView("probe.yaml", Manifest(value))], Expected = version is 0 or null ? [] : [new("Tenant", "", "probe", version.Value)], Create = version == 0 };
                version = null;
                var applied = await api.PostAsync("api/v1/apply", view, ApiJson.Default.ApplyView, ApiJson.Default.AppliedView);
                version = applied.Items[0].Version;
                _history.Enqueue(unclear with { Ended = Stopwatch.GetTimestamp() });
            }
            catch (Exception failed) when (failed is RemoteException or IOException or TimeoutException)
            {
                // Not carried out, or nobody knows: it stays in the history as begun, and the version is asked for again.
            }
        }
    }

    private async Task ReadAsync(NodeProcess node)
    {
        using var pace = new PeriodicTimer(Pace);
        while (!_ending.IsCancellationRequested)
        {
            await pace.WaitForNextTickAsync(CancellationToken.None);
            var began = Stopwatch.GetTimestamp();
            try
            {
                using var api = node.Api();
                var (value, _) = await LookAsync(api);
                _history.Enqueue(new(node.Name, IsRead: true, value, began, Stopwatch.GetTimestamp()));
            }
            catch (Exception failed) when (failed is RemoteException or IOException or TimeoutException)
            {
                // A read that fails says nothing.
            }
        }
    }

    private static async Task<(long Value, ulong Version)> LookAsync(ApiClient api)
    {
        if (!await api.HasAsync(Path)) return (0, 0);
        var view = await api.GetAsync(Path, ApiJson.Default.ResourceView);
        return (view.Document.GetProperty("spec").GetProperty("limits").GetProperty("logLinesPerSecond").GetInt64(), view.Version);
    }

    private static string Manifest(long value) => string.Create(CultureInfo.InvariantCulture, $"apiVersion: edge/v1\nkind: Tenant\nmetadata: {{name: probe}}\nspec: {{limits: {{logLinesPerSecond: {value}}}}}\n");

    private sealed record Operation(string Where, bool IsRead, long Value, long Began, long? Ended);
}

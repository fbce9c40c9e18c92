using System.Diagnostics;

namespace Edge.Bench.Failover;

/// <summary>Whom the book, as a node that lives has applied it, names as the channel's owner over time. Ends with <see cref="DisposeAsync"/>.</summary>
internal sealed class OwnerWatch : IAsyncDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenSource _stop = new();
    private readonly List<(string Epoch, string Owner, long At)> _seen = [];
    private readonly Task _looking;

    public OwnerWatch(SiteNodeProcess node) => _looking = LookAsync(node);

    /// <summary>Epochs of an owner that were seen after a moment, with the seconds after it. Complete once it has ended.</summary>
    public IReadOnlyList<(string Epoch, string Owner, double Seconds)> Since(long moment) =>
        [.. _seen.Where(one => one.At >= moment && one.Owner.Length > 0).Select(one => (one.Epoch, one.Owner, Stopwatch.GetElapsedTime(moment, one.At).TotalSeconds))];

    /// <summary>Looks no more.</summary>
    public async Task EndAsync()
    {
        await _stop.CancelAsync();
        await _looking;
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _stop.Dispose();
    }

    private async Task LookAsync(SiteNodeProcess node)
    {
        using var timer = new PeriodicTimer(Every);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                if ((await node.GetAsync("placements?stale=ok"))?["items"]?[0] is not { } placed) continue;
                var (epoch, owner) = ((string?)placed["epoch"] ?? "", (string?)placed["node"] ?? "");
                if (_seen.Count == 0 || (_seen[^1].Epoch, _seen[^1].Owner) != (epoch, owner)) _seen.Add((epoch, owner, Stopwatch.GetTimestamp()));
            }
        }
        catch (OperationCanceledException)
        {
            // It was asked to end.
        }
    }
}

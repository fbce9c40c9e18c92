using Edge.Actors.Intake;
using Edge.Actors.Traffic;
using Microsoft.Extensions.Logging;
using Proto;
using Proto.Timers;

namespace Edge.Actors.Channels;

// Where readings come from: one pull at a time in each intake log, batches in turn.
internal sealed partial class SensorChannel
{
    private static readonly TimeSpan PullRetry = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, SourcePull> _sources = new(StringComparer.Ordinal);
    private readonly Queue<ReadingBatch> _ready = [];

    private async Task OpenSourcesAsync(IContext context, IReadOnlyList<string> logs)
    {
        foreach (var gone in _sources.Keys.Where(log => log != parts.Node && !logs.Contains(log)).ToList())
        {
            _sources.Remove(gone, out var pull);
            pull!.Source.Dispose();
        }

        foreach (var log in logs.Prepend(parts.Node).Distinct())
        {
            if (_sources.ContainsKey(log)) continue;
            if (Open(context, log) is not { } source) continue;
            _sources.Add(log, new(source, _pipeline!.Cursor(log)));
            await source.CommittedAsync(context, _released[log]);
        }
    }

    // Null on a node that knows no other.
    private IIntakeSource? Open(IContext context, string log)
    {
        if (log == parts.Node) return new LocalIntakeSource(parts.Node, _spec.Id, _owner.Epoch, _ticket);
        if (parts.Peers is null) return null;
        var (root, self) = (context.System.Root, context.Self);
        return new RemoteIntakeSource(parts.Peers, log, _spec.Id, _owner.Epoch, _pipeline!.Cursor(log), _ticket, () => parts.Site.Table.Logs, answer => root.Send(self, answer), parts.Time, parts.Logger);
    }

    private Task EndAsync()
    {
        CloseSources();
        return ReleaseAsync();
    }

    private void CloseSources()
    {
        foreach (var pull in _sources.Values) pull.Source.Dispose();
        _sources.Clear();
        _ready.Clear();
        _batch = null;
    }

    private async Task PullAsync(IContext context)
    {
        if (_pipeline is null || _commits.Full || _schedule.Holds(_pipeline.Uncaptured)) return;
        foreach (var (log, pull) in _sources)
        {
            // Who drains wants the end of what this node took in; other nodes go on taking.
            var drains = _drainers.Count > 0;
            if (pull.Pulling || pull.HasBatch || pull.Refused || (drains && log != parts.Node)) continue;
            pull.Pulling = true;
            await pull.Source.PullAsync(context, pull.Cursor, Credit, wait: !drains);
        }
    }

    private Task Take(IContext context, ReadingBatch batch)
    {
        if (batch.Ticket != _ticket || _pipeline is null || !_sources.TryGetValue(batch.Log, out var pull)) return Task.CompletedTask;
        (pull.Pulling, pull.HasBatch, pull.Emptied) = (false, true, batch.Entries.Count == 0);
        _ready.Enqueue(batch);
        return NextAsync(context);
    }

    // The batch that is being processed, or the next one; null when all were.
    private ReadingBatch? NextBatch(ChannelPipeline pipeline)
    {
        while (true)
        {
            if (_batch is { } batch)
            {
                if (_next < batch.Entries.Count) return batch;
                pipeline.Passed(batch.Log, batch.Cursor);
                if (_sources.TryGetValue(batch.Log, out var pull)) (pull.Cursor, pull.HasBatch) = (batch.Cursor, false);
                _batch = null;
            }

            if (!_ready.TryDequeue(out var next)) return null;
            (_batch, _next) = (next, 0);
        }
    }

    private async Task PullRefused(IContext context, PullRefused refused)
    {
        if (refused.Ticket != _ticket || _pipeline is null) return;
        if (refused.Fenced)
        {
            await FenceAsync(refused.Reason);
            return;
        }

        if (!_sources.TryGetValue(refused.Log, out var pull)) return;
        // Not again at once: whoever took over may come again too.
        (pull.Pulling, pull.Refused) = (false, true);
        _ = new Scheduler(context, parts.Time).SendOnce(PullRetry, context.Self, new PullAgain());
    }

    private Task PullOnceMore(IContext context)
    {
        foreach (var pull in _sources.Values) pull.Refused = false;
        return NextAsync(context);
    }

    private Task SourceChanged(SourceChanged changed)
    {
        if (changed.Ticket != _ticket || !_sources.TryGetValue(changed.Log, out var pull)) return Task.CompletedTask;
        pull.Problem = changed.Problem;
        ShowHealth();
        return Task.CompletedTask;
    }

    private async Task Retarget(IContext context, RetargetChannel retarget)
    {
        _owner = retarget.Owner;
        _logs = retarget.Logs;
        if (_pipeline is null) return;
        ChooseStandby(_owner.Standby);
        await OpenSourcesAsync(context, _logs);
        await SecureAsync(context);
        await NextAsync(context);
    }

    private async Task Fence(IContext context, FenceChannel fence)
    {
        await FenceAsync(fence.Reason);
        context.Respond(new ChannelFenced());
    }

    // Another node owns the channel, or may: nothing more is processed, said or committed here.
    private async Task FenceAsync(string reason)
    {
        LogFenced(_spec.Id.ToString(), reason);
        _refused = _ended = true;
        CloseSources();
        await ReleaseAsync();
        _gauge.Show(ChannelState.Failed, reason);
    }

    [LoggerMessage(2045, LogLevel.Warning, "Channel {Channel} ends here: {Reason}")]
    private partial void LogFenced(string channel, string reason);
}

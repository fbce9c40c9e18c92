using Edge.Actors.Diagnostics;
using Edge.Actors.Intake;
using Microsoft.Extensions.Logging;
using Proto;
using Proto.Timers;

namespace Edge.Actors.Channels;

// Committing, draining, ending.
internal sealed partial class SensorChannel
{
    private Task<string?> _persisting = Task.FromResult<string?>(null);

    private bool Uncommitted => _pipeline is { } pipeline && (pipeline.Uncaptured > 0 || !pipeline.IsAt(_committed) || _commits.Bytes > 0);

    private Task Tick(IContext context)
    {
        ShowHealth();
        Copy(context);
        if (!Uncommitted || !_schedule.May(Now)) return Task.CompletedTask;
        _captureWanted = true;
        return NextAsync(context);
    }

    private void Capture(IContext context)
    {
        _captureWanted = false;
        var capture = _slot!.RunAsync(static pipeline => pipeline.Capture(), _pipeline!);
        _turning = capture;
        context.ReenterAfter(capture, async done =>
        {
            _turning = null;
            var (problem, turn) = await done;
            if (_pipeline is null) return;
            await ConcludeAsync(context, turn);
            if (problem is not null) CommitFailed(context, problem);
            else if (!_committing) Commit(context);
            await NextAsync(context);
        });
    }

    private void Commit(IContext context)
    {
        _committing = true;
        var (position, started) = (_pipeline!.Position, parts.Time.GetTimestamp());
        var commit = Begin(position);
        _persisting = PersistAsync(commit, _publishing);
        context.ReenterAfter(_persisting, async persisted =>
        {
            _committing = false;
            var problem = await persisted;
            if (_pipeline is null) return;
            _gauge.Meter.Committed(parts.Time.GetElapsedTime(started), problem is null);
            if (problem is null) await CommittedAsync(context, commit, position);
            else
            {
                _commits.Failed();
                CommitFailed(context, problem);
            }

            await NextAsync(context);
        });
    }

    private ChannelCommit Begin(Position position) => _commits.Begin(new(position, _owner.Epoch, Copy: 0), parts.Node);

    // Null, or why the state is not on stable storage.
    private async Task<string?> PersistAsync(ChannelCommit commit, Task published)
    {
        try
        {
            await published;
            if (commit.Position > 0) await parts.Log.FlushedAsync(commit.Position);
            await parts.Store.CommitAsync(_spec.Id, commit);
            return null;
        }
        catch (IOException failed)
        {
            return failed.Message;
        }
    }

    private async Task CommittedAsync(IContext context, ChannelCommit commit, Position position)
    {
        _commits.Succeeded();
        _committed = position;
        var failed = _schedule.Failure is not null;
        _schedule.Succeeded();
        _gauge.ShowCommitted(position);
        if (failed) ShowHealth();
        _copies?.Committed(commit, position);
        await SecureAsync(context);
        parts.Board.Events.Publish(new EdgeEvent.ChannelCommitted(_spec.Id, position));
    }

    private async Task ReleaseLogsAsync(IContext context, Position position)
    {
        _released = position;
        foreach (var (log, pull) in _sources) await pull.Source.CommittedAsync(context, position[log]);
    }

    private void CommitFailed(IContext context, string problem)
    {
        var first = _schedule.Failure is null;
        var wait = _schedule.Failed(problem, Now);
        if (first) LogCommitFailed(_spec.Id.ToString(), problem);
        ShowHealth();
        parts.Board.Events.Publish(new EdgeEvent.CommitFailed(_spec.Id, problem, wait));
        _ = new Scheduler(context, parts.Time).SendOnce(wait, context.Self, new CommitTick());
    }

    private async Task Drain(IContext context)
    {
        _drainers.Add(context.Sender!);
        if (_refused)
        {
            AnswerDrainers(context);
            return;
        }

        if (!_sources.TryGetValue(parts.Node, out var pull)) return;
        pull.Emptied = false;
        if (pull.Pulling) await pull.Source.HurryAsync(context);
        else await NextAsync(context);
    }

    private void CheckDrained(IContext context)
    {
        if (_turning is not null || _committing || _unpublished > 0) return;
        if (Uncommitted)
        {
            if (_schedule.May(Now)) Capture(context);
            return;
        }

        AnswerDrainers(context);
        parts.Board.Events.Publish(new EdgeEvent.ChannelDrained(_spec.Id, _committed));
    }

    private void AnswerDrainers(IContext context)
    {
        foreach (var drainer in _drainers) context.Send(drainer, new ChannelDrained(_committed));
        _drainers.Clear();
    }

    private async Task Release(IContext context, ReleaseChannel release)
    {
        var problem = await StopAsync(context, release.Next, HandOverLimit);
        // A state that is still being loaded, or a module that is still being compiled, starts nothing any more.
        _refused = _ended = true;
        context.Respond(new ChannelReleased(_committed, problem));
        parts.Board.Events.Publish(new EdgeEvent.ChannelReleased(_spec.Id, _committed, problem));
    }

    // The last turn ends, its outputs leave, and what was processed is committed, open blocks included. Nothing else runs in this actor meanwhile.
    private async Task<string?> StopAsync(IContext context, string? next, TimeSpan limit)
    {
        if (_pipeline is not { } pipeline) return next is null || _ended ? null : await HandOverStoredAsync(context, next, limit);
        if (_turning is Task<ChannelRun> turn) _publishing = PublishAsync(_publishing, await turn, pipeline.Cursor(parts.Node));
        else if (_turning is Task<(string?, ChannelRun)> capture) _publishing = PublishAsync(_publishing, (await capture).Item2, pipeline.Cursor(parts.Node));
        var (problem, last) = await _slot!.RunAsync(static p => p.Capture(), pipeline);
        _publishing = PublishAsync(_publishing, last, pipeline.Cursor(parts.Node));
        await _publishing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_committing)
        {
            if (await _persisting is null) _commits.Succeeded();
            else _commits.Failed();
        }

        if (problem is null && Uncommitted)
        {
            var position = pipeline.Position;
            var commit = Begin(position);
            problem = await PersistAsync(commit, _publishing);
            if (problem is null) await CommittedAsync(context, commit, position);
        }

        if (next is not null)
        {
            ChooseStandby(next);
            problem ??= await HandOverAsync(context, limit);
        }

        CloseSources();
        await ReleaseAsync();
        if (problem is not null) LogStoppedUncommitted(_spec.Id.ToString(), _committed.ToString(), problem);
        _gauge.Show(ChannelState.Stopped, problem);
        return problem;
    }

    private async Task ReleaseAsync()
    {
        _ticks?.Cancel();
        if (_pipeline is not { } pipeline) return;
        _pipeline = null;
        if (_turning is { } turning) await turning;
        await _slot!.RunAsync(static p => { p.Close(); return true; }, pipeline);
    }

    [LoggerMessage(2050, LogLevel.Error, "Channel {Channel}: its state cannot be committed and is tried again; readings stay in the intake log: {Reason}")]
    private partial void LogCommitFailed(string channel, string reason);

    [LoggerMessage(2051, LogLevel.Warning, "Channel {Channel} stopped with its state committed up to {Committed} only; the rest is in the intake log and comes at the next start: {Reason}")]
    private partial void LogStoppedUncommitted(string channel, string committed, string reason);
}

using Edge.Actors.Channels.Keys;
using Edge.Actors.Diagnostics;
using Edge.Actors.Intake;
using Edge.Actors.Modules;
using Edge.Actors.Placement;
using Edge.Cluster.Book;
using Edge.Messages.Channels;
using Microsoft.Extensions.Logging;
using Proto;
using Proto.Cluster;
using Proto.Timers;

namespace Edge.Actors.Channels;

/// <summary>
/// One sensor stream: pulls readings from the intake logs by cursor, gives them to its <see cref="ChannelPipeline"/> in turns on guest threads, hands the outputs on in
/// order, and commits. Its own turns only decide what comes next; guests, disk and broker are waited for by re-entering. A failure of this actor begins anew from the committed state.
/// </summary>
internal sealed partial class SensorChannel(SensorChannelParts parts) : IActor
{
    /// <summary>Most readings in one pull: about a millisecond of work for a small module.</summary>
    public const int Credit = 512;

    // One turn's outputs may wait behind those that are being published.
    private const int UnpublishedMax = 2;

    private static readonly TimeSpan LoadRetry = TimeSpan.FromSeconds(1);

    private readonly ILogger _log = parts.Logger;
    private readonly CommitBuffer _commits = new();
    private readonly List<PID> _drainers = [];
    private ChannelSpec _spec = null!;
    private ChannelGauge _gauge = null!;
    private CommitSchedule _schedule = null!;
    private ModuleSlot? _slot;
    private ChannelPipeline? _pipeline;
    private CancellationTokenSource? _ticks;
    private Task? _turning;
    private Task _publishing = Task.CompletedTask;
    private ReadingBatch? _batch;
    private int _next;
    private ChannelOwner _owner = new("", new());
    private IReadOnlyList<string> _logs = [];
    private Position _committed = Position.Start;
    private Position _released = Position.Start;
    private long _ticket;
    private int _unpublished;
    private bool _captureWanted;
    private bool _committing;
    private bool _refused;
    private bool _ended;
    private string? _resting;
    private string? _damage;
    private (string Reason, TimeSpan Until)? _care;

    private TimeSpan Now => parts.Time.GetElapsedTime(0, parts.Time.GetTimestamp());

    /// <inheritdoc/>
    public Task ReceiveAsync(IContext context) => context.Message switch
    {
        Started => Start(context),
        ModuleOpened opened => Opened(context, opened),
        ModuleRefused refused => Refuse(context, string.Join(" ", refused.Reasons)),
        LoadState => Load(context),
        ReadingBatch batch => Take(context, batch),
        PullRefused refused => PullRefused(context, refused),
        SourceChanged changed => SourceChanged(changed),
        PullAgain => PullOnceMore(context),
        EndRest => Wake(context),
        CommitTick => Tick(context),
        DrainChannel => Drain(context),
        RetargetChannel retarget => Retarget(context, retarget),
        ReleaseChannel release => Release(context, release),
        FenceChannel fence => Fence(context, fence),
        Stopping => StopAsync(context, _owner.Standby, FarewellLimit),
        Restarting => EndAsync(),
        Stopped => Task.CompletedTask,
        var other => Unexpected(other),
    };

    private Task Start(IContext context)
    {
        var id = ChannelId.Parse(context.Get<ClusterIdentity>()!.Identity);
        (_spec, _owner, _logs) = parts.Site[id];
        _gauge = parts.Board.Of(id);
        _schedule = new(_spec.Commit);
        _ticket = parts.Time.GetTimestamp();
        _gauge.Show(ChannelState.Starting, null);
        return context.AskAsync(EdgeKinds.ModulesOf(parts.Node), new OpenModule(_spec.Module));
    }

    // Nothing runs until a person has acted; readings of QoS 1 and 2 stay in the log.
    private Task Refuse(IContext context, string reason)
    {
        _refused = true;
        _gauge.Show(ChannelState.Failed, reason);
        AnswerDrainers(context);
        return Task.CompletedTask;
    }

    private Task Opened(IContext context, ModuleOpened opened)
    {
        if (_refused) return Task.CompletedTask;
        _slot = opened.Slot;
        return Load(context);
    }

    private Task Load(IContext context)
    {
        context.ReenterAfter(Task.Run(() => parts.Store.Load(_spec.Id)), loaded => LoadedAsync(context, loaded));
        return Task.CompletedTask;
    }

    private async Task LoadedAsync(IContext context, Task<StoredChannel?> loaded)
    {
        try
        {
            if (await loaded is { } stored) await AdoptAsync(StoredHead.Of(_spec.Id, stored, parts.Node));
        }
        catch (ChannelStateDamagedException damaged)
        {
            // Each key's own state says up to where it goes: reading the whole log again counts nothing twice.
            _damage = damaged.Message;
        }
        catch (IOException failed)
        {
            _gauge.Show(ChannelState.Degraded, $"Its state cannot be read: {failed.Message}");
            _ = new Scheduler(context, parts.Time).SendOnce(LoadRetry, context.Self, new LoadState());
            return;
        }

        if (_refused) return;
        if (_committed[parts.Node] > parts.Log.Last)
        {
            await Refuse(context, $"Its committed position {_committed[parts.Node]} is past the intake log's end {parts.Log.Last}: state and log are not of the same data folder. "
                + "Put both back from one backup, or remove both.");
            return;
        }

        await RunAsync(context);
    }

    // A copy of a former owner's state is this channel's state from now on. One of a later owner says that this one's time is over.
    private async Task AdoptAsync(StoredHead head)
    {
        if (Epochs.Compare(head.Epoch, _owner.Epoch) > 0)
        {
            await FenceAsync($"Its state was committed under epoch {Epochs.Text(head.Epoch)}; this node owns the channel under {Epochs.Text(_owner.Epoch)} only.");
            return;
        }

        _committed = head.Position;
        if (head.Copy > 0) LogTakenOver(_spec.Id.ToString(), _committed.ToString(), Epochs.Text(head.Epoch));
    }

    private async Task RunAsync(IContext context)
    {
        _pipeline = new(_spec, _slot!, parts.Store, _commits, _committed, parts.Node, parts.Runs.Next(), parts.Time, _gauge.Meter, parts.Logger);
        _ticks = new Scheduler(context, parts.Time).SendRepeatedly(_spec.Commit.Every, context.Self, new CommitTick());
        _gauge.ShowCommitted(_committed);
        ShowHealth();
        parts.Board.Events.Publish(new EdgeEvent.ChannelStarted(_spec.Id, _committed));
        ChooseStandby(_owner.Standby);
        await OpenSourcesAsync(context, _logs);
        await SecureAsync(context);
        await PullAsync(context);
    }

    /// <summary>Whatever may come next, begins: the next turn, the next batch, a capture that is due, the answer to who drains.</summary>
    private async Task NextAsync(IContext context)
    {
        if (_pipeline is not { } pipeline || _turning is not null) return;
        var batch = NextBatch(pipeline);
        if (_captureWanted || _schedule.DueBy(pipeline.Uncaptured, Now)) Capture(context);
        else if (batch is not null && _resting is null && _unpublished < UnpublishedMax) Turn(context, batch);
        if (_drainers.Count > 0 && batch is null && _sources[parts.Node].Emptied) CheckDrained(context);
        else await PullAsync(context);
    }

    private void Turn(IContext context, ReadingBatch batch)
    {
        var turn = _slot!.RunAsync(static work => work.Pipeline.Run(work.Batch, work.From), (Pipeline: _pipeline!, Batch: batch.Entries, From: _next));
        _turning = turn;
        context.ReenterAfter(turn, async done =>
        {
            _turning = null;
            var run = await done;
            if (_pipeline is null) return;
            _sinceCopy += run.Next - _next;
            _next = run.Next;
            await ConcludeAsync(context, run);
            await NextAsync(context);
        });
    }

    // What a turn or a capture brought about.
    private async Task ConcludeAsync(IContext context, ChannelRun run)
    {
        Publish(context, run);
        _gauge.Show(_pipeline!.Position, _pipeline.LiveKeyCount);
        foreach (var happened in run.Events) parts.Board.Events.Publish(happened);
        if (run.Faults.Count > 0)
        {
            var message = run.Faults[^1].Message;
            _care = (message, Now + run.RetryAfter + RestartBackoff.IntensiveCare);
            LogFaults(_spec.Id.ToString(), run.Faults.Count, message);
            await context.AskAsync(EdgeKinds.ModulesOf(parts.Node), new InstancesFaulted(_spec.Module, _spec.Id, run.Faults, run.RetryAfter));
        }

        if (run.RetryAfter > TimeSpan.Zero && _resting is null)
        {
            _resting = run.Reason;
            _ = new Scheduler(context, parts.Time).SendOnce(run.RetryAfter, context.Self, new EndRest());
        }

        if (run.Faults.Count > 0 || _resting is not null) ShowHealth();
    }

    private Task Wake(IContext context)
    {
        _resting = null;
        ShowHealth();
        return NextAsync(context);
    }

    private void Publish(IContext context, ChannelRun run)
    {
        if (run.Outputs.Count == 0) return;
        _unpublished++;
        _publishing = PublishAsync(_publishing, run, _pipeline!.Cursor(parts.Node));
        context.ReenterAfter(_publishing, async published =>
        {
            await published;
            _unpublished--;
            await NextAsync(context);
        });
    }

    // Outputs leave after their readings are on stable storage: nobody should act on a reading that a crash takes back. Other nodes give only readings that are.
    private async Task PublishAsync(Task before, ChannelRun run, long cursor)
    {
        await before;
        try
        {
            if (cursor > 0) await parts.Log.FlushedAsync(cursor);
        }
        catch (IntakeUnavailableException)
        {
            // The log shows its own failure. Its devices get no acknowledgement; what they sent is shown all the same.
        }

        await parts.Sink.PublishAsync(run.Outputs);
        if (run.ArrivalsUs.Count == 0) return;
        var nowUs = (parts.Time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / 10;
        foreach (var arrivalUs in run.ArrivalsUs) _gauge.Meter.Latency(nowUs - arrivalUs);
    }

    private void ShowHealth()
    {
        if (_pipeline is null) return;
        if (_care is { } over && Now >= over.Until) _care = null;
        var away = string.Join(' ', _sources.Values.Select(s => s.Problem).Append(_copyProblem).OfType<string>());
        var (state, reason) = (_resting, _schedule.Failure, _damage ?? _pipeline.Damage, _care, away) switch
        {
            ({ } rests, _, _, _, _) => (ChannelState.BackingOff, rests),
            (_, { } failure, _, _, _) => (ChannelState.Degraded, $"Its state cannot be committed: {failure}"),
            (_, _, { } damage, _, _) => (ChannelState.Degraded, damage),
            (_, _, _, { } care, _) => (ChannelState.Degraded, $"Its module faulted lately: {care.Reason}"),
            (_, _, _, _, { Length: > 0 }) => (ChannelState.Degraded, away),
            _ => (ChannelState.Running, (string?)null),
        };
        _gauge.Show(state, reason);
    }

    private Task Unexpected(object? message)
    {
        LogUnexpected(message?.GetType().Name);
        return Task.CompletedTask;
    }

    [LoggerMessage(2040, LogLevel.Warning, "A channel got a message that it does not know: {Message}")]
    private partial void LogUnexpected(string? message);

    [LoggerMessage(2046, LogLevel.Information, "Channel {Channel} goes on from a copy of its state at {Position}, made under epoch {Epoch}")]
    private partial void LogTakenOver(string channel, string position, string epoch);

    [LoggerMessage(2041, LogLevel.Debug, "Channel {Channel}: {Faults} instances ended by a fault, the last by: {Fault}")]
    private partial void LogFaults(string channel, int faults, string fault);
}

using Edge.Actors.Placement;
using Edge.Messages.Channels;
using Microsoft.Extensions.Logging;
using Proto;
using Proto.Timers;

namespace Edge.Actors.Intake;

/// <summary>
/// A node's intake as its channels see it, wherever they run: answers <see cref="PullReadings"/> from the inboxes and from the log, and trims the log behind all of them.
/// Reading the log happens off its turn.
/// </summary>
internal sealed partial class IntakeActor(string node, IntakeRouter router, IIntakeLog log, ChannelOwners owners, TimeProvider time, ILogger logger) : IActor
{
    // What a catching-up channel reads of the log at once.
    private const int ReadAtOnce = 2_048;

    private static readonly TimeSpan TrimEvery = TimeSpan.FromSeconds(2);

    private readonly Dictionary<ChannelId, (PullReadings Pull, PID From)> _waiting = [];
    private readonly HashSet<ChannelId> _reading = [];
    private CancellationTokenSource? _timer;

    /// <inheritdoc/>
    public Task ReceiveAsync(IContext context) => context.Message switch
    {
        Started => Start(context),
        PullReadings pull => Pull(context, pull),
        PullNow now => Hurry(context, now.Channel),
        InboxFilled filled => Serve(context, filled.Inbox.Channel),
        PositionCommitted committed => Committed(committed),
        ChannelsChanged => Review(context),
        TrimLog => Trim(),
        Stopping => Stop(),
        Stopped or Restarting => Task.CompletedTask,
        var other => Unexpected(other),
    };

    private Task Start(IContext context)
    {
        router.Wake = inbox => context.System.Root.Send(context.Self, new InboxFilled(inbox));
        _timer = new Scheduler(context, time).SendRepeatedly(TrimEvery, context.Self, new TrimLog());
        return Task.CompletedTask;
    }

    private Task Pull(IContext context, PullReadings pull)
    {
        if (!router.TryGet(pull.Channel, out var found))
        {
            Refuse(context, (pull, context.Sender!), $"Channel '{pull.Channel}' is not declared on node '{node}' yet.", fenced: false);
            return Task.CompletedTask;
        }

        if (owners.Refusal(pull.Channel, pull.Node, pull.Epoch) is { } fenced)
        {
            Refuse(context, (pull, context.Sender!), fenced, fenced: true);
            return Task.CompletedTask;
        }

        if (_waiting.Remove(pull.Channel, out var before) && !before.From.Equals(context.Sender))
            Refuse(context, before, $"Node '{pull.Node}' asks for the readings of channel '{pull.Channel}' now.", fenced: false);
        found.Inbox.Seek(pull.Cursor);
        _waiting[pull.Channel] = (pull, context.Sender!);
        return Serve(context, pull.Channel);
    }

    // Inboxes may be others now, and owners too: each waiting question is asked again.
    private async Task Review(IContext context)
    {
        foreach (var (channel, waiting) in _waiting.ToList())
        {
            var refusal = owners.Refusal(channel, waiting.Pull.Node, waiting.Pull.Epoch);
            if (router.TryGet(channel, out var found) && refusal is null)
            {
                found.Inbox.Seek(waiting.Pull.Cursor);
                await Serve(context, channel);
                continue;
            }

            _waiting.Remove(channel);
            Refuse(context, waiting, refusal ?? $"Channel '{channel}' is no longer declared on node '{node}'.", refusal is not null);
        }

        router.Trim();
    }

    private void Refuse(IContext context, (PullReadings Pull, PID From) asked, string reason, bool fenced) =>
        context.Send(asked.From, new PullRefused(node, reason, fenced, asked.Pull.Ticket));

    private Task Hurry(IContext context, ChannelId channel)
    {
        if (!_waiting.TryGetValue(channel, out var waiting)) return Task.CompletedTask;
        _waiting[channel] = (waiting.Pull with { Wait = false }, waiting.From);
        return Serve(context, channel);
    }

    private Task Serve(IContext context, ChannelId channel)
    {
        if (_reading.Contains(channel) || !_waiting.TryGetValue(channel, out var waiting)) return Task.CompletedTask;
        if (!router.TryGet(channel, out var known)) return Task.CompletedTask;
        var inbox = known.Inbox;
        var batch = new List<InboxEntry>();
        var taken = inbox.Take(waiting.Pull.Credit, batch);
        if (taken.Hole) ReadHole(context, channel, taken);
        else if (batch.Count > 0 || !waiting.Pull.Wait || taken.Cursor > waiting.Pull.Cursor) Answer(context, channel, batch, taken.Cursor);
        return Task.CompletedTask;
    }

    private void ReadHole(IContext context, ChannelId channel, InboxTake taken)
    {
        _reading.Add(channel);
        var read = Task.Run(() => ReadAsync(taken));
        context.ReenterAfter(read, async done =>
        {
            _reading.Remove(channel);
            var found = await done;
            if (!_waiting.ContainsKey(channel)) return;
            if (!router.TryGet(channel, out var known)) return;
            var wanted = found.Readings.Where(r => r.Reading.Tenant == channel.Tenant.Value && TopicFilter.Matches(known.Spec.Topic, r.Reading.Topic)).ToList();
            var batch = new List<InboxEntry>();
            var cursor = known.Inbox.Fill(taken.Cursor, wanted, found.UpTo, batch);
            if (batch.Count > 0) Answer(context, channel, batch, cursor);
            else await Serve(context, channel);
        });
    }

    private async Task<(IReadOnlyList<LoggedReading> Readings, long UpTo)> ReadAsync(InboxTake taken)
    {
        var readings = log.Read(taken.Cursor, ReadAtOnce);
        if (readings.Count > 0) return (readings, readings[^1].Sequence);
        try
        {
            await log.FlushedAsync(taken.HoleEnd);
        }
        catch (IntakeUnavailableException lost)
        {
            // Never on stable storage, never acknowledged: not this channel's to have.
            LogNeverStored(taken.Cursor, taken.HoleEnd, lost.Message);
        }

        readings = log.Read(taken.Cursor, ReadAtOnce);
        return (readings, readings.Count > 0 ? readings[^1].Sequence : taken.HoleEnd);
    }

    private void Answer(IContext context, ChannelId channel, List<InboxEntry> batch, long cursor)
    {
        _waiting.Remove(channel, out var waiting);
        context.Send(waiting.From, new ReadingBatch(node, batch, cursor, waiting.Pull.Ticket));
    }

    private Task Committed(PositionCommitted committed)
    {
        if (router.TryGet(committed.Channel, out var found)) found.Inbox.Committed(committed.Cursor);
        if (router.HoldsBack) router.Trim();
        return Task.CompletedTask;
    }

    private Task Trim()
    {
        router.Trim();
        return Task.CompletedTask;
    }

    private Task Stop()
    {
        _timer?.Cancel();
        router.Trim();
        return Task.CompletedTask;
    }

    private Task Unexpected(object? message)
    {
        LogUnexpected(message?.GetType().Name);
        return Task.CompletedTask;
    }

    [LoggerMessage(2020, LogLevel.Warning, "The intake got a message that it does not know: {Message}")]
    private partial void LogUnexpected(string? message);

    [LoggerMessage(2022, LogLevel.Warning, "Readings after {After} up to {UpTo} were never on stable storage and never acknowledged: {Reason}")]
    private partial void LogNeverStored(long after, long upTo, string reason);
}

using Edge.Actors.Diagnostics;
using Edge.Actors.Traffic;
using Microsoft.Extensions.Logging;
using Proto;

namespace Edge.Actors.Channels;

// Copies of the state on another node: while the channel runs, and when it goes there.
internal sealed partial class SensorChannel
{
    /// <summary>Readings after which a copy is sent before its time.</summary>
    public const int CopyReadings = 10_000;

    /// <summary>Time for the last copy of a channel that is asked to move.</summary>
    public static readonly TimeSpan HandOverLimit = TimeSpan.FromSeconds(5);

    // A node that stops tells its standby once, if it answers.
    private static readonly TimeSpan FarewellLimit = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan CopyRetry = TimeSpan.FromMilliseconds(100);

    private StateCopies? _copies;
    private Task<CopyOutcome>? _copying;
    private TimeSpan _copiedAt = TimeSpan.MinValue;
    private int _sinceCopy;
    private string? _copyProblem;

    // The node that should have copies, as the placement says now.
    private void ChooseStandby(string? node)
    {
        var chosen = parts.Peers is null || node == parts.Node ? "" : node ?? "";
        if (chosen == (_copies?.Node ?? "")) return;
        _copies = chosen.Length == 0 ? null : new(_spec.Id, _owner.Epoch, chosen, parts.Peers!, parts.Store, _committed);
        // A copy that is under way to the former standby may never be answered; nobody waits for it.
        (_copying, _copiedAt, _copyProblem) = (null, TimeSpan.MinValue, null);
    }

    // What is committed here, and at the standby if there is one, the intake logs may let go of.
    private async Task SecureAsync(IContext context)
    {
        if (_copies is null) await ReleaseLogsAsync(context, _committed);
        else Copy(context);
    }

    private void Copy(IContext context)
    {
        if (_copies is not { Wanted: true } copies || _copying is not null || _pipeline is null) return;
        if (_copiedAt != TimeSpan.MinValue && Now - _copiedAt < parts.CopyEvery && _sinceCopy < CopyReadings) return;
        (_copiedAt, _sinceCopy) = (Now, 0);
        _copying = Task.Run(() => copies.SendAsync(CancellationToken.None));
        context.ReenterAfter(_copying, async done =>
        {
            var outcome = await done;
            if (_pipeline is null || copies != _copies) return;
            _copying = null;
            await CopiedAsync(context, outcome);
            await NextAsync(context);
        });
    }

    private async Task CopiedAsync(IContext context, CopyOutcome outcome)
    {
        var before = _copyProblem;
        switch (outcome)
        {
            case CopyOutcome.Kept kept:
                _copyProblem = null;
                parts.Board.Events.Publish(new EdgeEvent.ChannelCopied(_spec.Id, _copies!.Node, kept.Position));
                await ReleaseLogsAsync(context, kept.Position);
                break;
            case CopyOutcome.Delayed delayed:
                _copyProblem = $"Its standby '{_copies!.Node}' has no new copy of its state: {delayed.Reason}";
                break;
            case CopyOutcome.Fenced fenced:
                await FenceAsync(fenced.Reason);
                return;
        }

        if (before != _copyProblem) ShowHealth();
    }

    // The last copy, before another node goes on. Null, or why the node does not have it.
    private async Task<string?> HandOverAsync(IContext context, TimeSpan limit)
    {
        if (_copies is not { } copies) return null;
        using var patience = new CancellationTokenSource(limit, parts.Time);
        if (_copying is { } under) await ((Task)under.WaitAsync(patience.Token)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (copies.Wanted)
        {
            switch (await copies.SendAsync(patience.Token))
            {
                case CopyOutcome.Kept kept:
                    parts.Board.Events.Publish(new EdgeEvent.ChannelCopied(_spec.Id, copies.Node, kept.Position));
                    await ReleaseLogsAsync(context, kept.Position);
                    break;
                case CopyOutcome.Fenced fenced:
                    return fenced.Reason;
                case CopyOutcome.Delayed delayed when patience.IsCancellationRequested:
                    LogNotHandedOver(_spec.Id.ToString(), copies.Node, delayed.Reason);
                    return $"Node '{copies.Node}' did not get its last state within {limit.TotalSeconds} s: {delayed.Reason}";
                default:
                    await Task.Delay(CopyRetry, parts.Time, patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    break;
            }
        }

        return null;
    }

    // A channel that never ran here, because its module was refused or its state is still being loaded, has state all the same.
    private async Task<string?> HandOverStoredAsync(IContext context, string next, TimeSpan limit)
    {
        try
        {
            if (await Task.Run(() => parts.Store.Load(_spec.Id)) is not { } stored) return null;
            _committed = StoredHead.Of(_spec.Id, stored, parts.Node).Position;
        }
        catch (IOException failed)
        {
            return $"Its state cannot be read: {failed.Message}";
        }

        ChooseStandby(next);
        return await HandOverAsync(context, limit);
    }

    [LoggerMessage(2055, LogLevel.Warning, "Channel {Channel}: node {Node} did not get its last state and goes on from the copy before: {Reason}")]
    private partial void LogNotHandedOver(string channel, string node, string reason);
}

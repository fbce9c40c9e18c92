using System.Collections.Concurrent;
using Edge.Actors.Channels;
using Edge.Actors.Placement;
using Edge.Cluster.Book;
using Edge.Messages.Book;
using Edge.Messages.Channels;
using Edge.Messages.Site;

namespace Edge.Actors.Traffic;

/// <summary>
/// Keeps copies of the state of channels that run elsewhere, in this node's own channel store, where the channel finds them when it comes here. A copy of a lower epoch than was seen is refused;
/// one that does not follow the copy before asks for a whole one; a whole one that comes in parts takes the place of the state with its last part. Thread-safe, one copy of a channel at a time.
/// </summary>
internal sealed class CopyKeeper(string node, IChannelStore store, ChannelOwners owners)
{
    private readonly ConcurrentDictionary<ChannelId, Keeping> _channels = new();

    /// <summary>Completes when no copy of the channel is being written: those of a former owner are refused from then on.</summary>
    public async Task SettleAsync(ChannelId channel)
    {
        if (!_channels.TryGetValue(channel, out var keeping)) return;
        await keeping.Turn.WaitAsync();
        keeping.Turn.Release();
    }

    /// <inheritdoc cref="Edge.Cluster.Transport.IChannelTraffic.KeepAsync"/>
    public async Task<ChannelCopied> KeepAsync(string peer, ChannelCopy copy)
    {
        var answer = new ChannelCopied { Channel = copy.Channel, Number = copy.Number, Part = copy.Part };
        if (!copy.Channel.Contains('/', StringComparison.Ordinal))
        {
            answer.Refused = $"'{copy.Channel}' names no channel; allowed: tenant/name.";
            return answer;
        }

        var channel = ChannelId.Parse(copy.Channel);
        var keeping = _channels.GetOrAdd(channel, static _ => new());
        await keeping.Turn.WaitAsync();
        try
        {
            if (owners.Refusal(channel, peer, copy.Epoch ?? new Epoch()) is { } fenced) (answer.Refused, answer.Fenced) = (fenced, true);
            else await KeepAsync(channel, copy, keeping, answer);
        }
        catch (IOException failed)
        {
            answer.Refused = $"Node '{node}' cannot keep the copy: {failed.Message}";
        }
        finally
        {
            keeping.Turn.Release();
        }

        return answer;
    }

    private async Task KeepAsync(ChannelId channel, ChannelCopy copy, Keeping keeping, ChannelCopied answer)
    {
        var head = Head(channel);
        var order = Epochs.Compare(copy.Epoch, head?.Epoch);
        if (head is not null && order < 0)
            (answer.Refused, answer.Fenced) = ($"Node '{node}' holds state of epoch {Epochs.Text(head.Epoch)}; the copy is of {Epochs.Text(copy.Epoch)}.", true);
        else if (copy.Whole)
            answer.WantsWhole = !await TakePartAsync(channel, copy, keeping);
        else if (head is null || order != 0 || head.Copy == 0 || copy.Number > head.Copy + 1)
            answer.WantsWhole = true;
        else if (copy.Number > head.Copy)
            await store.CommitAsync(channel, Commit(copy));
    }

    // False: parts before it are missing.
    private async Task<bool> TakePartAsync(ChannelId channel, ChannelCopy copy, Keeping keeping)
    {
        if (copy.Part != 0 && (copy.Part != keeping.NextPart || copy.Number != keeping.Number || Epochs.Compare(copy.Epoch, keeping.Epoch) != 0)) return false;
        if (copy.More) await store.StageAsync(channel, Keys(copy), first: copy.Part == 0);
        else await store.ReplaceAsync(channel, Commit(copy), staged: copy.Part > 0);
        (keeping.Epoch, keeping.Number, keeping.NextPart) = (copy.Epoch, copy.Number, copy.Part + 1);
        return true;
    }

    // A head that cannot be read says nothing: a whole copy mends it.
    private StoredHead? Head(ChannelId channel)
    {
        try
        {
            return store.Load(channel) is { } stored ? StoredHead.Of(channel, stored, node) : null;
        }
        catch (ChannelStateDamagedException)
        {
            return null;
        }
    }

    private ChannelCommit Commit(ChannelCopy copy)
    {
        var position = Position.Of(copy.Position);
        return new(position[node], new StoredHead(position, copy.Epoch, copy.Number).Encode(), Keys(copy));
    }

    private static IReadOnlyList<StoredKey> Keys(ChannelCopy copy) => [.. copy.Keys.Select(k => new StoredKey(k.Key, k.State.Memory))];

    // Where the parts of a whole copy stand.
    private sealed class Keeping
    {
        public SemaphoreSlim Turn { get; } = new(1);

        public Epoch? Epoch { get; set; }

        public long Number { get; set; }

        public int NextPart { get; set; }
    }
}

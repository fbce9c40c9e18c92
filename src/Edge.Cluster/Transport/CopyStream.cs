using System.Collections.Concurrent;
using Edge.Messages.Site;
using Grpc.Core;

namespace Edge.Cluster.Transport;

/// <summary>
/// The one stream on which all channels of this node send copies of their state to another. Each channel has one copy under way at a time, so the stream is bounded by their number. It ends
/// with the first failure: all that waits for an answer gets <see cref="PeerUnavailableException"/>, and the next copy opens another.
/// </summary>
internal sealed class CopyStream
{
    private readonly string _node;
    private readonly AsyncDuplexStreamingCall<ChannelCopy, ChannelCopied> _call;
    private readonly ConcurrentDictionary<(string Channel, long Number, int Part), TaskCompletionSource<ChannelCopied>> _waiting = new();
    private readonly Lock _order = new();
    private Task _writes = Task.CompletedTask;
    private PeerUnavailableException? _gone;

    public CopyStream(string node, ChannelTraffic.ChannelTrafficClient client, CancellationToken cancellation)
    {
        _node = node;
        _call = client.Copy(cancellationToken: cancellation);
        _ = ReadAsync();
    }

    /// <summary>Whether a new one is needed.</summary>
    public bool Ended => Volatile.Read(ref _gone) is not null;

    /// <summary>Sends a copy; completes with the answer.</summary>
    /// <exception cref="PeerUnavailableException">There is none.</exception>
    public async Task<ChannelCopied> SendAsync(ChannelCopy copy)
    {
        var key = (copy.Channel, copy.Number, copy.Part);
        var answer = new TaskCompletionSource<ChannelCopied>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[key] = answer;
        Task write;
        lock (_order) write = _writes = WriteAsync(_writes, copy);
        await write;
        // The stream may have ended between the look for a new one and here.
        if (Ended) End(_gone!);
        return await answer.Task;
    }

    // One write at a time, in call order.
    private async Task WriteAsync(Task before, ChannelCopy copy)
    {
        await before;
        try
        {
            await _call.RequestStream.WriteAsync(copy);
        }
        catch (Exception gone) when (CallFaults.IsGone(gone))
        {
            End(gone);
        }
    }

    private async Task ReadAsync()
    {
        try
        {
            while (await _call.ResponseStream.MoveNext(CancellationToken.None))
            {
                var copied = _call.ResponseStream.Current;
                if (_waiting.TryRemove((copied.Channel, copied.Number, copied.Part), out var answer)) answer.TrySetResult(copied);
            }

            End(new IOException("it ended the stream"));
        }
        catch (Exception gone) when (CallFaults.IsGone(gone))
        {
            End(gone);
        }
    }

    private void End(Exception why)
    {
        var gone = Interlocked.CompareExchange(ref _gone, why as PeerUnavailableException ?? CallFaults.Gone(_node, why), null) ?? _gone;
        foreach (var key in _waiting.Keys)
        {
            if (_waiting.TryRemove(key, out var answer)) answer.TrySetException(gone!);
        }

        _call.Dispose();
    }
}

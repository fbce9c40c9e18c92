using System.Runtime.CompilerServices;
using Edge.Messages.Site;
using Grpc.Core;

namespace Edge.Cluster.Transport;

/// <summary>One pull from a node, as its owner sees it. <see cref="SendAsync"/> may be called while <see cref="BatchesAsync"/> is read; each by one caller at a time.</summary>
public sealed class PullCall : IDisposable
{
    private readonly string _node;
    private readonly CancellationTokenSource _end;
    private readonly AsyncDuplexStreamingCall<PullRequest, PullBatch> _call;

    internal PullCall(string node, ChannelTraffic.ChannelTrafficClient client, CancellationTokenSource end)
    {
        (_node, _end) = (node, end);
        _call = client.Pull(cancellationToken: end.Token);
    }

    /// <summary>Sends the opening, credit, or what is committed.</summary>
    /// <exception cref="PeerUnavailableException">The connection is gone.</exception>
    public async Task SendAsync(PullRequest request)
    {
        try
        {
            await _call.RequestStream.WriteAsync(request);
        }
        catch (Exception gone) when (CallFaults.IsGone(gone))
        {
            throw CallFaults.Gone(_node, gone);
        }
    }

    /// <summary>The batches, until the node ends the pull.</summary>
    /// <exception cref="PeerUnavailableException">The connection is gone.</exception>
    public async IAsyncEnumerable<PullBatch> BatchesAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        while (await NextAsync(cancellation)) yield return _call.ResponseStream.Current;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _end.Cancel();
        _call.Dispose();
        _end.Dispose();
    }

    private async Task<bool> NextAsync(CancellationToken cancellation)
    {
        try
        {
            return await _call.ResponseStream.MoveNext(cancellation);
        }
        catch (Exception gone) when (CallFaults.IsGone(gone))
        {
            throw CallFaults.Gone(_node, gone);
        }
    }
}

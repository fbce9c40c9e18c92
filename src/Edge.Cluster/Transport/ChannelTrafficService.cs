using System.Runtime.CompilerServices;
using Edge.Messages.Site;
using Grpc.Core;

namespace Edge.Cluster.Transport;

/// <summary>
/// The serving side of node-to-node traffic: hands each call to <see cref="IChannelTraffic"/> with the name of the node that made it. One for a node, mapped as it is; ends with its server.
/// </summary>
/// <param name="traffic">Who carries it out; null while the node has no actors: callers try again.</param>
/// <param name="peerOf">The name in the certificate of a caller.</param>
public sealed class ChannelTrafficService(Func<IChannelTraffic?> traffic, Func<ServerCallContext, string> peerOf) : ChannelTraffic.ChannelTrafficBase
{
    /// <inheritdoc/>
    public override async Task Pull(IAsyncStreamReader<PullRequest> requestStream, IServerStreamWriter<PullBatch> responseStream, ServerCallContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(responseStream);
        var gone = context.CancellationToken;
        try
        {
            await foreach (var batch in Traffic.PullAsync(peerOf(context), ReadAsync(requestStream, gone), gone)) await responseStream.WriteAsync(batch, gone);
        }
        catch (Exception ended) when (gone.IsCancellationRequested && CallFaults.IsGone(ended))
        {
            // The caller asks again with the cursor that it has.
        }
    }

    /// <inheritdoc/>
    public override async Task Copy(IAsyncStreamReader<ChannelCopy> requestStream, IServerStreamWriter<ChannelCopied> responseStream, ServerCallContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(responseStream);
        var (peer, gone) = (peerOf(context), context.CancellationToken);
        // Channels share the stream; one that waits for the disk must not hold up the others, and answers come as they are ready. In one channel the sender waits for each answer.
        using var answering = new SemaphoreSlim(1);
        List<Task> kept = [];
        await foreach (var copy in ReadAsync(requestStream, gone))
        {
            kept.RemoveAll(k => k.IsCompletedSuccessfully);
            kept.Add(AnswerAsync(copy));
        }

        await Task.WhenAll(kept);

        async Task AnswerAsync(ChannelCopy copy)
        {
            var answer = await Traffic.KeepAsync(peer, copy);
            await answering.WaitAsync(CancellationToken.None);
            try
            {
                await responseStream.WriteAsync(answer, gone);
            }
            catch (Exception ended) when (gone.IsCancellationRequested && CallFaults.IsGone(ended))
            {
                // The owner sends the copy again, and is told that it is kept.
            }
            finally
            {
                answering.Release();
            }
        }
    }

    private IChannelTraffic Traffic => traffic() ?? throw new RpcException(new Status(StatusCode.Unavailable, "The node is starting."));

    private static async IAsyncEnumerable<T> ReadAsync<T>(IAsyncStreamReader<T> stream, [EnumeratorCancellation] CancellationToken cancellation)
    {
        while (await MoveNextAsync(stream, cancellation)) yield return stream.Current;
    }

    // A caller that is gone has nothing more to say.
    private static async Task<bool> MoveNextAsync<T>(IAsyncStreamReader<T> stream, CancellationToken cancellation)
    {
        try
        {
            return await stream.MoveNext(cancellation);
        }
        catch (Exception gone) when (CallFaults.IsGone(gone))
        {
            return false;
        }
    }
}

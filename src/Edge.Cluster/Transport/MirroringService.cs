using Edge.Cluster.Book;
using Edge.Cluster.Mirroring;
using Edge.Messages.Site;
using Grpc.Core;

namespace Edge.Cluster.Transport;

/// <summary>
/// Keeps copies of other nodes' readings: each batch is answered once it is on stable storage here, and only then does the other node acknowledge to its device.
/// A caller may mirror a log that bears the name in its certificate, no other. A full disk ends the stream with <see cref="StatusCode.ResourceExhausted"/>.
/// </summary>
/// <param name="replicas">Where the copies are.</param>
/// <param name="peerName">Name in the caller's certificate.</param>
public sealed class MirroringService(IReplicas replicas, Func<ServerCallContext, string> peerName) : Messages.Site.Mirroring.MirroringBase
{
    /// <inheritdoc/>
    public override async Task Mirror(IAsyncStreamReader<MirrorBatch> requestStream, IServerStreamWriter<Mirrored> responseStream, ServerCallContext context)
    {
        var (peer, cancellation) = (peerName(context), context.CancellationToken);
        if (!await requestStream.MoveNext(cancellation)) return;
        var log = requestStream.Current.Log;
        if (!LogName.TryParse(log, out var name) || name.Node != peer)
        {
            throw new RpcException(new(StatusCode.PermissionDenied, $"Node '{peer}' asks to mirror the log '{log}'. Allowed: its own."));
        }

        try
        {
            var replica = replicas.Of(name);
            await responseStream.WriteAsync(new() { UpTo = replica.UpTo }, cancellation);
            while (await requestStream.MoveNext(cancellation))
            {
                var batch = requestStream.Current;
                await replica.AppendAsync(batch.Readings, batch.UpTo);
                await responseStream.WriteAsync(new() { UpTo = batch.UpTo }, cancellation);
                replica.Trim(batch.Trimmed);
            }
        }
        catch (IOException failure)
        {
            throw new RpcException(new(StatusCode.ResourceExhausted, $"The copy of the log '{log}' cannot be kept here: {failure.Message}"));
        }
    }
}

using System.Threading.Channels;
using Edge.Cluster.Forwarding;
using Edge.Messages.Site;
using Grpc.Core;

namespace Edge.Cluster.Transport;

/// <summary>
/// Takes outputs of other nodes' channels for this node's subscribers, and tells those nodes what the subscribers want, so that an output crosses the network once for each node
/// that has a matching subscription, and not at all for the others.
/// </summary>
/// <param name="outputs">The broker.</param>
public sealed class ForwardingService(IForwardedOutputs outputs) : Messages.Site.Forwarding.ForwardingBase
{
    // A caller that is this many changes behind is cut off; it asks again and gets the whole.
    private const int ChangesMax = 10_000;

    /// <inheritdoc/>
    public override async Task Interest(InterestRequest request, IServerStreamWriter<InterestChange> responseStream, ServerCallContext context)
    {
        var changes = Channel.CreateBounded<InterestChange>(new BoundedChannelOptions(ChangesMax) { SingleReader = true });
        using var watch = outputs.WatchFilters(change =>
        {
            if (!changes.Writer.TryWrite(change)) changes.Writer.TryComplete();
        });
        await foreach (var change in changes.Reader.ReadAllAsync(context.CancellationToken)) await responseStream.WriteAsync(change, context.CancellationToken);
    }

    /// <inheritdoc/>
    public override async Task Forward(IAsyncStreamReader<ForwardBatch> requestStream, IServerStreamWriter<ForwardTaken> responseStream, ServerCallContext context)
    {
        while (await requestStream.MoveNext(context.CancellationToken))
        {
            var batch = requestStream.Current;
            await outputs.TakeAsync(batch.Messages);
            await responseStream.WriteAsync(new() { Number = batch.Number }, context.CancellationToken);
        }
    }
}

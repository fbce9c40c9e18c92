using System.Runtime.CompilerServices;
using Edge.Cluster.Book;
using Edge.Messages.Book;
using Edge.Messages.Site;
using Google.Protobuf;
using Grpc.Core;

namespace Edge.Cluster.Transport;

/// <summary>Nodes that hold the book, over gRPC. Times are the caller's: each call ends with its token.</summary>
/// <param name="channelTo">The channel to a node by name; its transport checks that the other side's certificate carries the name.</param>
public sealed class GrpcBookSource(Func<string, ChannelBase> channelTo) : IBookSource
{
    /// <inheritdoc/>
    public async IAsyncEnumerable<BookFrame> FollowAsync(string node, ulong after, uint incarnation, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var call = To(node).Follow(new FollowRequest { After = after, Incarnation = incarnation }, cancellationToken: cancellation);
        var parts = new SnapshotParts();
        while (await AnsweredAsync(node, () => call.ResponseStream.MoveNext(cancellation), cancellation).ConfigureAwait(false))
        {
            // A part is passed on as a sign of life: a large book on a slow LAN may take longer than a follower bears silence.
            var received = call.ResponseStream.Current;
            yield return Join(node, parts, received) ?? received;
        }
    }

    /// <inheritdoc/>
    public Task<AppendReply> AppendAsync(string node, BookCommand command, CancellationToken cancellation) =>
        AnsweredAsync(node, async () => await To(node).AppendAsync(new AppendRequest { Command = command }, cancellationToken: cancellation), cancellation);

    /// <inheritdoc/>
    public Task<BarrierReply> BarrierAsync(string node, CancellationToken cancellation) =>
        AnsweredAsync(node, async () => await To(node).BarrierAsync(new BarrierRequest(), cancellationToken: cancellation), cancellation);

    private Membership.MembershipClient To(string node) => new(channelTo(node));

    private static async Task<T> AnsweredAsync<T>(string node, Func<Task<T>> ask, CancellationToken cancellation)
    {
        try
        {
            return await ask().ConfigureAwait(false);
        }
        catch (RpcException error)
        {
            cancellation.ThrowIfCancellationRequested();
            throw new BookUnavailableException($"{node} ({error.StatusCode}): {error.Status.Detail}", error);
        }
    }

    private static BookFrame? Join(string node, SnapshotParts parts, BookFrame frame)
    {
        try
        {
            return parts.Join(frame);
        }
        catch (Exception error) when (error is InvalidDataException or InvalidProtocolBufferException)
        {
            throw new BookUnavailableException($"{node}: {error.Message}", error);
        }
    }
}

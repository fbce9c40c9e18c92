using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Edge.Cluster.Book;
using Edge.Messages.Book;
using Edge.Messages.Site;

namespace Edge.Cluster.Tests.Book;

/// <summary>A network in which every node takes the call and says nothing.</summary>
internal sealed class SilentSource : IBookSource
{
    private readonly Channel<string> _asked = Channel.CreateUnbounded<string>();

    /// <summary>Nodes that were asked, in order.</summary>
    public ChannelReader<string> Asked => _asked.Reader;

    public async IAsyncEnumerable<BookFrame> FollowAsync(string node, ulong after, uint incarnation, [EnumeratorCancellation] CancellationToken cancellation)
    {
        _asked.Writer.TryWrite(node);
        await Never<int>(cancellation);
        yield break;
    }

    public Task<AppendReply> AppendAsync(string node, BookCommand command, CancellationToken cancellation) => Never<AppendReply>(cancellation);

    public Task<BarrierReply> BarrierAsync(string node, CancellationToken cancellation) => Never<BarrierReply>(cancellation);

    private static Task<T> Never<T>(CancellationToken cancellation) => new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously).Task.WaitAsync(cancellation);
}

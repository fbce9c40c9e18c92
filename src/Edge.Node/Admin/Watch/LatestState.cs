using System.Threading.Channels;
using Edge.Cluster.Book;

namespace Edge.Node.Admin.Watch;

/// <summary>Waits for the book to change; a slow reader misses states in between and gets the latest. Holds one signal. Ends with <see cref="Dispose"/>.</summary>
internal sealed class LatestState : IDisposable
{
    private readonly Channel<bool> _changed = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private readonly IDisposable _watch;

    public LatestState(IBook book, Func<BookChange, bool> matters) => _watch = book.Watch(change =>
    {
        if (matters(change)) _changed.Writer.TryWrite(true);
    });

    /// <summary>Returns at the next change since the last return.</summary>
    public async Task NextAsync(CancellationToken cancellation) => await _changed.Reader.ReadAsync(cancellation);

    /// <inheritdoc/>
    public void Dispose() => _watch.Dispose();
}

using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Edge.Cluster.Book;

/// <summary>
/// Keeps the copy file near the applied book: at most one write in <paramref name="every"/>, whatever the book does, and one at the end. A full disk leaves the older copy and is tried again after the same time.
/// </summary>
internal sealed class BookCopyKeeper(BookCopyFile file, AppliedBook book, TimeSpan every, TimeProvider time, ILogger logger)
{
    private readonly Channel<bool> _changed = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private BookState _kept = book.Current;
    private bool _failing;

    /// <summary>The book has changed.</summary>
    public void Touch() => _changed.Writer.TryWrite(true);

    /// <summary>Runs until cancelled; keeps what is newest before it returns.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                await _changed.Reader.ReadAsync(cancellation).ConfigureAwait(false);
                Keep();
                await Task.Delay(every, time, cancellation).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            Keep();
        }
    }

    private void Keep()
    {
        var state = book.Current;
        if (ReferenceEquals(state, _kept))
            return;
        try
        {
            file.Write(state);
            _kept = state;
            _failing = false;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            if (!_failing)
                logger.CopyNotKept(state.Index, _kept.Index, error.Message);
            _failing = true;
            Touch();
        }
    }
}

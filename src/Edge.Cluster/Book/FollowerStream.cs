using Microsoft.Extensions.Logging;

namespace Edge.Cluster.Book;

/// <summary>
/// Receives the book: from one node at a time, from the next one when that one is silent, unreachable or holds a book that must not be taken. The one writer of the applied book.
/// Tries are endless, with waits between <see cref="FollowerBookOptions.BackoffMin"/> and <see cref="FollowerBookOptions.BackoffMax"/>.
/// </summary>
internal sealed class FollowerStream(IBookSource source, AppliedBook book, BookHolders holders, FollowerBookOptions options, TimeProvider time, ILogger logger)
{
    private readonly Lock _gate = new();
    private (uint Incarnation, ulong Index) _expected;
    private int _fruitless;
    private string _refused = "";

    /// <summary>
    /// The leader says that an index is committed. A node that still sends less at its second sign of life after that is cut off from the others itself, and another one is followed instead. From any thread.
    /// </summary>
    public void Expect(ulong index)
    {
        lock (_gate)
        {
            var incarnation = book.Current.Site?.Incarnation ?? 0;
            if (incarnation != _expected.Incarnation || index > _expected.Index)
                _expected = (incarnation, index);
        }
    }

    /// <summary>Runs until cancelled.</summary>
    /// <exception cref="BookFormatException">The book needs a newer program.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var (node, whole) = ("", false);
        while (!cancellation.IsCancellationRequested)
        {
            var nodes = holders.Now();
            if (nodes.Count > 0)
            {
                var wasWhole = whole;
                if (node.Length == 0)
                    node = nodes[0];
                whole = await FollowAsync(node, whole, cancellation).ConfigureAwait(false);
                // A gap is mended at the same node at once; one after the whole book was asked for is tried elsewhere, later.
                if (whole && !wasWhole)
                    continue;
                node = NextAfter(node, nodes);
            }
            var wait = options.BackoffMin * Math.Pow(2, Math.Clamp(_fruitless - 1, 0, 20));
            await Task.Delay(wait < options.BackoffMax ? wait : options.BackoffMax, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Follows one node to the end. True when the whole book is wanted next.</summary>
    private async Task<bool> FollowAsync(string node, bool whole, CancellationToken cancellation)
    {
        using var silence = new CancellationTokenSource(options.SilenceMax, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellation);
        var at = whole ? BookState.Empty : book.Current;
        var missed = 0ul;
        string lost;
        try
        {
            await foreach (var frame in source.FollowAsync(node, at.Index, at.Site?.Incarnation ?? 0, both.Token).ConfigureAwait(false))
            {
                silence.CancelAfter(options.SilenceMax);
                switch (FollowerStep.For(book.Current, frame))
                {
                    case FollowerStep.Advance advance:
                        book.Advance(advance.Next, advance.Command);
                        Found(node);
                        break;
                    case FollowerStep.Stay when missed > frame.Index && frame.HasIndex:
                        Lost(node, $"it is at index {frame.Index}, the leader was at {missed} a while ago already");
                        return false;
                    case FollowerStep.Stay:
                        missed = frame.HasIndex ? Missing() : missed;
                        Found(node);
                        break;
                    case FollowerStep.Gap gap:
                        logger.BookGap(node, gap.Reason);
                        if (whole)
                            _fruitless++;
                        return true;
                    case FollowerStep.Refuse refuse:
                        Refused(node, refuse.Reason);
                        return false;
                }
            }
            lost = "it ended the stream";
        }
        catch (BookUnavailableException error)
        {
            lost = error.Message;
        }
        catch (OperationCanceledException) when (both.IsCancellationRequested)
        {
            lost = $"it sent nothing for {options.SilenceMax.TotalSeconds:0.#} s";
        }
        catch (BookFormatException error)
        {
            logger.BookTooNew(error.Message);
            throw;
        }
        if (!cancellation.IsCancellationRequested)
            Lost(node, lost);
        return false;
    }

    private static string NextAfter(string node, IReadOnlyList<string> nodes) => nodes[(nodes.TakeWhile(other => other != node).Count() + 1) % nodes.Count];

    /// <summary>Index that the leader named and that is not here; 0 for none.</summary>
    private ulong Missing()
    {
        lock (_gate)
        {
            var state = book.Current;
            return _expected.Incarnation == (state.Site?.Incarnation ?? 0) && _expected.Index > state.Index ? _expected.Index : 0;
        }
    }

    private void Found(string node)
    {
        if (_fruitless > 0)
            logger.BookFoundAgain(node, book.Current.Index, _fruitless);
        (_fruitless, _refused) = (0, "");
    }

    private void Lost(string node, string reason)
    {
        // Said once; found again is said with the number of tries.
        if (_fruitless++ == 0)
            logger.BookLost(book.Current.Index, node, reason);
    }

    private void Refused(string node, string reason)
    {
        _fruitless++;
        if (_refused != node)
            logger.BookRefused(node, reason);
        _refused = node;
    }
}

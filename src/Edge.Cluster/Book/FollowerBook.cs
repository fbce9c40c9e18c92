using Edge.Messages.Book;
using Google.Protobuf;
using Microsoft.Extensions.Logging;

namespace Edge.Cluster.Book;

/// <summary>
/// The book on a node that holds no log. It shows the copy on disk at once, also with no peer in sight, and from then on what a node that holds the book streams. Writes and linearizable
/// reads go to the leader. Ends with <see cref="DisposeAsync"/>, which keeps the last copy.
/// </summary>
public sealed class FollowerBook : IBook, IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _stopKeeping = new();
    private readonly IBookSource _source;
    private readonly FollowerBookOptions _options;
    private readonly TimeProvider _time;
    private readonly AppliedBook _applied;
    private readonly LeaderSearch _leader;
    private readonly FollowerStream _stream;
    private readonly Task _kept;

    private FollowerBook(string node, IBookSource source, BookCopyFile file, BookCopy copy, Func<IReadOnlyList<string>> seeds, FollowerBookOptions options, TimeProvider time, ILogger logger)
    {
        (_source, _options, _time, Copy) = (source, options, time, copy);
        _applied = new AppliedBook(copy is BookCopy.Kept kept ? kept.State : BookState.Empty);
        var candidates = new BookHolders(node, () => _applied.Current, seeds);
        _leader = new LeaderSearch(candidates.Now, options, time);
        var keeper = new BookCopyKeeper(file, _applied, options.CopyEvery, time, logger);
        _applied.Watch(_ => keeper.Touch());
        _kept = Task.Run(() => keeper.RunAsync(_stopKeeping.Token));
        _stream = new FollowerStream(source, _applied, candidates, options, time, logger);
        Ended = Task.Run(() => _stream.RunAsync(_stop.Token));
    }

    /// <summary>What was on disk at the start.</summary>
    public BookCopy Copy { get; }

    /// <summary>Completes when the follower was disposed; fails with <see cref="BookFormatException"/> when the book has become newer than this program: the node must stop.</summary>
    public Task Ended { get; }

    /// <inheritdoc/>
    public BookState Current => _applied.Current;

    /// <inheritdoc/>
    public BookLeadership Leadership => new(false, 0, _leader.Leader);

    /// <summary>Reads the copy and begins to follow.</summary>
    /// <param name="node">This node's name.</param>
    /// <param name="source">Nodes that hold the book.</param>
    /// <param name="file">The copy on disk.</param>
    /// <param name="seeds">Names of nodes that may hold the book beside the voters that the book itself names: those of a joining, of announcements.</param>
    /// <param name="options">Times.</param>
    /// <param name="time">Clock.</param>
    /// <param name="logger">Where it tells people.</param>
    /// <exception cref="BookFormatException">The copy is of a newer program.</exception>
    public static FollowerBook Start(string node, IBookSource source, BookCopyFile file, Func<IReadOnlyList<string>> seeds, FollowerBookOptions options, TimeProvider time, ILogger<FollowerBook> logger)
    {
        ArgumentNullException.ThrowIfNull(file);
        var copy = file.Read();
        if (copy is BookCopy.Damaged damaged)
            logger.CopyDamaged(damaged.Reason);
        return new FollowerBook(node, source, file, copy, seeds, options, time, logger);
    }

    /// <summary>
    /// The leader said that an index is committed (in the answer to a renewal, say). A follower whose source does not get there within about two seconds takes another one: a voter that is cut off from
    /// the others shows signs of life, but no news.
    /// </summary>
    public void Expect(ulong index) => _stream.Expect(index);

    /// <inheritdoc/>
    public IDisposable Watch(Action<BookChange> onChange) => _applied.Watch(onChange);

    /// <inheritdoc/>
    public async Task<BookOutcome> AppendAsync(BookCommand command, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(command);
        var sent = command.Clone();
        // Tries repeat the command; the id is what makes that harmless.
        if (sent.RequestId.IsEmpty)
            sent.RequestId = ByteString.CopyFrom(Guid.NewGuid().ToByteArray());
        using var limit = new CancellationTokenSource(_options.AnswerMax, _time);
        var reply = await _leader.AskAsync("an append", (node, token) => _source.AppendAsync(node, sent, token), reply => reply.NotLeading, limit.Token, cancellation).ConfigureAwait(false);
        await AppliedAsync(reply.Outcome.Index, limit.Token, cancellation).ConfigureAwait(false);
        return reply.Outcome;
    }

    /// <inheritdoc/>
    public async Task<BookState> ReadAsync(CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(_options.AnswerMax, _time);
        var reply = await _leader.AskAsync("a read", _source.BarrierAsync, reply => reply.NotLeading, limit.Token, cancellation).ConfigureAwait(false);
        return await AppliedAsync(reply.Index, limit.Token, cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
            return;
        await _stop.CancelAsync().ConfigureAwait(false);
        await Ended.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // how it ended is for the one who watches Ended
        await _stopKeeping.CancelAsync().ConfigureAwait(false);
        await _kept.ConfigureAwait(false);
        _stop.Dispose();
        _stopKeeping.Dispose();
    }

    private async Task<BookState> AppliedAsync(ulong index, CancellationToken limit, CancellationToken cancellation)
    {
        _stream.Expect(index);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit, cancellation);
        try
        {
            return await _applied.WaitAsync(index, both.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new BookUnavailableException($"The leader answered at index {index}, but this node has received the book only up to {Current.Index} in {_options.AnswerMax.TotalSeconds:0.#} s. What was asked is in the book; ask again to see it here.");
        }
    }
}

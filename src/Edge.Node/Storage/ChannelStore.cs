using System.Threading.Channels;
using Edge.Actors.Channels;
using Edge.Messages.Channels;
using Microsoft.Data.Sqlite;

namespace Edge.Node.Storage;

/// <summary>
/// Channel state in one SQLite file (write-ahead log, synchronous=FULL), each row with a checksum of its own because SQLite does not notice a flipped bit in
/// its file. Commits that arrive while the disk is busy share the next transaction. A file that cannot be used at all is moved aside, with words, and the node starts with a new one.
/// </summary>
public sealed class ChannelStore : IChannelStore, IDisposable
{
    private const int MostWaiting = 4096;

    private readonly Channel<PendingCommit> _waiting = Channel.CreateBounded<PendingCommit>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    private readonly ChannelRows _reading;
    private readonly ChannelRows _writing;
    private readonly Lock _readGate = new();
    private readonly string _path;
    private readonly StorageMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly Task _writer;

    private ChannelStore(string path, StateDamage damage, StorageMetrics metrics, TimeProvider time)
    {
        (_path, _metrics, _time, Damage) = (path, metrics, time, damage);
        _writing = ChannelRows.Open(path);
        _reading = ChannelRows.Open(path);
        _writer = Task.Factory.StartNew(WriteAll, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>What was found damaged when the store was opened.</summary>
    public StateDamage Damage { get; }

    /// <summary>Opens the database, making it when it is not there, and checks every row.</summary>
    /// <exception cref="IOException">The disk is full or refuses.</exception>
    public static ChannelStore Open(string path, StorageMetrics metrics, TimeProvider time, ILogger<ChannelStore> logger)
    {
        try
        {
            var damage = StateCheck.Run(path, repair: true, time);
            foreach (var sentence in damage.Sentences)
                logger.StateDamaged(sentence);
            return new ChannelStore(path, damage, metrics, time);
        }
        catch (SqliteException failure)
        {
            throw Failure(path, failure);
        }
    }

    /// <summary>Deletes a channel's rows from a store that nobody has open, and the rows of names that have only damaged ones: they may be its.</summary>
    /// <returns>The other names that were deleted.</returns>
    /// <exception cref="SqliteException">The file cannot be read or written.</exception>
    internal static IReadOnlyList<string> Forget(string path, ChannelId channel)
    {
        using var rows = ChannelRows.Open(path);
        IReadOnlyList<string> others = [.. rows.DamagedOnly().Where(name => name != channel.ToString())];
        rows.InTransaction(() =>
        {
            rows.Delete(channel.ToString());
            foreach (var name in others)
                rows.Delete(name);
        });
        return others;
    }

    /// <inheritdoc />
    public StoredChannel? Load(ChannelId channel)
    {
        lock (_readGate)
            return Reading(() => _reading.Head(channel)) ?? (Damage.OwnerUnknown ? throw Lost(channel) : null);
    }

    /// <inheritdoc />
    public ReadOnlyMemory<byte>? LoadKey(ChannelId channel, string key)
    {
        ReadOnlyMemory<byte>? state;
        lock (_readGate)
            state = Reading(() => _reading.Key(channel, key));
        if (state is null && Damage.OwnerUnknown)
            throw Lost(channel);
        return state;
    }

    /// <inheritdoc />
    public IReadOnlyList<string> Keys(ChannelId channel)
    {
        lock (_readGate)
            return Reading(() => _reading.Keys(channel));
    }

    /// <inheritdoc />
    public Task StageAsync(ChannelId channel, IReadOnlyList<StoredKey> keys, bool first) => SubmitAsync(rows => rows.Stage(channel, keys, first));

    /// <inheritdoc />
    public Task ReplaceAsync(ChannelId channel, ChannelCommit commit, bool staged) => SubmitAsync(rows => rows.Replace(channel, commit, staged));

    /// <inheritdoc />
    public Task CommitAsync(ChannelId channel, ChannelCommit commit) => SubmitAsync(rows => rows.Put(channel, commit));

    /// <summary>Forgets a channel: head and keys. Durable when the task completes; a channel that never committed is no error.</summary>
    public Task DeleteAsync(ChannelId channel) => SubmitAsync(rows => rows.Delete(channel.ToString()));

    /// <summary>Writes what is waiting and closes the file.</summary>
    public void Dispose()
    {
        _waiting.Writer.TryComplete();
        _writer.Wait();
        _reading.Dispose();
        _writing.Dispose();
    }

    private async Task SubmitAsync(Action<ChannelRows> change)
    {
        var pending = new PendingCommit(change, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        try
        {
            await _waiting.Writer.WriteAsync(pending).ConfigureAwait(false);
        }
        catch (ChannelClosedException closed)
        {
            throw new IOException($"Channel state is not committed: {_path} is closed, the node is stopping.", closed);
        }
        await pending.Done.Task.ConfigureAwait(false);
    }

    private void WriteAll()
    {
        var batch = new List<PendingCommit>();
        while (_waiting.Reader.WaitToReadAsync().AsTask().Result)
        {
            batch.Clear();
            while (batch.Count < MostWaiting && _waiting.Reader.TryRead(out var pending))
                batch.Add(pending);
            Write(batch);
        }
    }

    private void Write(List<PendingCommit> batch)
    {
        var started = _time.GetTimestamp();
        try
        {
            _writing.InTransaction(() => batch.ForEach(pending => pending.Change(_writing)));
            _metrics.Committed(_time.GetElapsedTime(started));
            batch.ForEach(pending => pending.Done.SetResult());
        }
        catch (SqliteException failure)
        {
            var why = Failure(_path, failure);
            batch.ForEach(pending => pending.Done.TrySetException(why));
        }
    }

    private T Reading<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (SqliteException failure)
        {
            throw failure.SqliteErrorCode is 11 /* SQLITE_CORRUPT */ or 26 /* SQLITE_NOTADB */
                ? new ChannelStateDamagedException($"Channel state {_path} is damaged: {failure.Message} Stop the node and start it again: what cannot be read is then moved aside.")
                : Failure(_path, failure);
        }
    }

    private ChannelStateDamagedException Lost(ChannelId channel) => new(
        $"Channel '{channel}' has no state that can be read, and {_path} has damaged rows whose owner is unknown: one of them may be its. "
        + $"To start the channel over, stop the node and run: edge doctor --forget {channel}");

    private static IOException Failure(string path, SqliteException failure) => failure.SqliteErrorCode is 13 /* SQLITE_FULL */
        ? new IOException($"Channel state is not committed: the disk of {path} is full. The last committed state stands. Free some space; the next commit is tried by itself.", failure)
        : new IOException($"Channel state is not committed: {path}: {failure.Message} The last committed state stands. Check the disk (dmesg, edge doctor).", failure);

    private sealed record PendingCommit(Action<ChannelRows> Change, TaskCompletionSource Done);
}

using System.Buffers;
using System.Collections.Immutable;
using DotNext.IO;
using DotNext.Net.Cluster.Consensus.Raft.StateMachine;
using Edge.Cluster.Book;
using Edge.Cluster.Storage;
using Edge.Messages.Book;
using Microsoft.Extensions.Logging;

namespace Edge.Cluster.Raft;

/// <summary>
/// Applies committed entries to the book, in order, on the log's one applying thread. It saves voter lists itself: the log starts to apply when it is made, before the Raft library has attached its storage,
/// and a list that is applied in between would be lost for ever (6.12.0). Snapshots are written beside the applying thread; the state is immutable.
/// </summary>
internal sealed partial class BookLogMachine(RaftBookOptions options, string folder, VoterListStore voters, ILogger logger) : IStateMachine, IAsyncDisposable
{
    /// <summary>A snapshot that was sent so often is not being taken: once for each of two followers, and as often again for a slow start.</summary>
    public const int SentTooOften = 4;

    private readonly TaskCompletionSource _verified = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile BookLogSnapshot? _snapshot;
    private volatile BookState _current = BookState.Empty;
    private ImmutableList<Action<BookChange>> _watchers = [];
    private Task _writing = Task.CompletedTask;
    private int _entriesSince;
    private long _bytesSince;
    private volatile bool _wantsFresh;

    /// <summary>
    /// Raised, from a thread of the library, when the newest snapshot is sent again and again. A follower that installed it and whose answer was lost refuses it from then on, and the library sends it for ever
    /// (6.12.0); a newer one is taken. The next command that is applied makes one, so somebody must append a command.
    /// </summary>
    public event Action? SnapshotNotTaken;

    public BookState Current => _current;

    public ISnapshot? Snapshot => _snapshot;

    /// <summary>Loads the newest snapshot; false, with the reason, if it is damaged. Before the log is made.</summary>
    public bool Restore(out string trouble)
    {
        trouble = "";
        Directory.CreateDirectory(folder);
        if (BookLogSnapshot.In(folder) is not [var newest, ..])
        {
            return true;
        }
        switch (BookFile.Read(newest.Path))
        {
            case BookFileReading.Whole whole:
                _current = whole.State;
                _snapshot = At(newest.Path, newest.Index, newest.Term);
                return true;
            case BookFileReading.Damaged damaged:
                trouble = damaged.Reason;
                return false;
            default:
                return false;
        }
    }

    /// <summary>Lets entries through. The log applies from the moment it is made; nothing may be applied before its checksums were verified.</summary>
    public void LetThrough() => _verified.TrySetResult();

    public IDisposable Watch(Action<BookChange> onChange)
    {
        ImmutableInterlocked.Update(ref _watchers, (list, added) => list.Add(added), onChange);
        return new Watcher(() => ImmutableInterlocked.Update(ref _watchers, (list, gone) => list.Remove(gone), onChange));
    }

    public async ValueTask<long> ApplyAsync(LogEntry entry, CancellationToken token)
    {
        await _verified.Task.WaitAsync(token).ConfigureAwait(false);
        if (entry.IsSnapshot)
        {
            await InstallAsync(entry, token).ConfigureAwait(false);
        }
        else if (entry.IsConfiguration)
        {
            var list = VoterList.FromBytes(await entry.ToByteArrayAsync(token: token).ConfigureAwait(false));
            await voters.SaveAsync(list with { Version = entry.Index }, token).ConfigureAwait(false);
        }
        else if (entry.TryGetPayload(out var payload) && !payload.IsEmpty)
        {
            Apply(entry, payload);
        }
        return entry.Index;
    }

    private void Apply(LogEntry entry, ReadOnlySequence<byte> payload)
    {
        var command = BookCommand.Parser.ParseFrom(payload);
        var before = _current;
        var (after, outcome) = BookMachine.Apply(before, (ulong)entry.Index, command);
        _current = after;
        Tell(new BookChange(before, after, command));
        (entry.Context as PendingAppend)?.Applied(command, outcome);
        _entriesSince++;
        _bytesSince += payload.Length;
        if ((_entriesSince >= options.SnapshotEveryEntries || _bytesSince >= options.SnapshotEveryBytes || _wantsFresh) && _writing.IsCompleted)
        {
            (_entriesSince, _bytesSince, _wantsFresh) = (0, 0, false);
            var (index, term) = (entry.Index, entry.Term);
            _writing = Task.Run(() => WriteSnapshot(after, index, term), CancellationToken.None);
        }
    }

    private void WriteSnapshot(BookState state, long index, long term)
    {
        var path = Path.Combine(folder, BookLogSnapshot.NameOf(index, term));
        try
        {
            StableFiles.Replace(path, BookFile.Pack(state));
            // A snapshot that the leader sent in the meantime is newer.
            if (_snapshot is null || _snapshot.Index < index)
            {
                _snapshot = At(path, index, term);
            }
        }
        catch (IOException refused)
        {
            SnapshotRefused(logger, path, refused);
        }
    }

    private async Task InstallAsync(LogEntry entry, CancellationToken token)
    {
        await _writing.ConfigureAwait(false);
        var bytes = await entry.ToByteArrayAsync(token: token).ConfigureAwait(false);
        var path = Path.Combine(folder, BookLogSnapshot.NameOf(entry.Index, entry.Term));
        if (BookFile.Unpack(bytes, path) is not BookFileReading.Whole whole)
        {
            throw new InvalidDataException($"The snapshot of index {entry.Index} arrived damaged ({bytes.Length} bytes). The leader sends it again.");
        }
        StableFiles.Replace(path, bytes);
        var before = _current;
        _current = whole.State;
        _snapshot = At(path, entry.Index, entry.Term);
        (_entriesSince, _bytesSince) = (0, 0);
        Tell(new BookChange(before, whole.State, null));
    }

    private BookLogSnapshot At(string path, long index, long term) => new(path, index, term)
    {
        OnSend = sent =>
        {
            if (sent.Sent % SentTooOften == 0 && sent == _snapshot)
            {
                _wantsFresh = true;
                SnapshotNotTaken?.Invoke();
            }
        },
    };

    private void Tell(BookChange change)
    {
        foreach (var watcher in _watchers)
        {
            watcher(change);
        }
    }

    public ValueTask ReclaimGarbageAsync(long watermark, CancellationToken token)
    {
        foreach (var old in BookLogSnapshot.In(folder).Where(snapshot => snapshot.Index < watermark))
        {
            File.Delete(old.Path);
        }
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        _verified.TrySetCanceled();
        await _writing.ConfigureAwait(false);
    }

    [LoggerMessage(8160, LogLevel.Warning, "Snapshot {Path} could not be written; the log grows until the next attempt. Check free space.")]
    private static partial void SnapshotRefused(ILogger logger, string path, Exception reason);

    private sealed class Watcher(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}

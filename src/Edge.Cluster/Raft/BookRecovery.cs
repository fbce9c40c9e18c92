using Edge.Cluster.Book;
using Microsoft.Extensions.Logging;

namespace Edge.Cluster.Raft;

/// <summary>
/// What is left when no majority is: reads a log without taking part, and makes a new one-voter log from a book. The caller opens the new log and appends <c>BeginIncarnation</c> first, so that no epoch of
/// before comes again.
/// </summary>
public static class BookRecovery
{
    /// <summary>
    /// The book of a log folder, with everything that is in the log: also entries of which this voter does not know that they were committed, because they may have been. The log must be closed; the folder is good for
    /// nothing but being set aside afterwards.
    /// </summary>
    public static async Task<BookFileReading> ReadLogAsync(RaftBookOptions options, ILoggerFactory loggers, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        var folder = new LogFolder(options.Folder);
        if (!folder.Exists)
        {
            return new BookFileReading.Damaged($"{options.Folder} holds no log");
        }
        if (folder.MissingPart() is { Length: > 0 } missing)
        {
            return new BookFileReading.Damaged(missing);
        }
        if (VoterListStore.Open(folder.VotersPath, out var trouble) is not { } voters)
        {
            return new BookFileReading.Damaged(trouble);
        }
        using (voters)
        {
            var machine = new BookLogMachine(options, folder.SnapshotsPath, voters, loggers.CreateLogger<RaftBook>());
            if (!machine.Restore(out trouble))
            {
                return new BookFileReading.Damaged(trouble);
            }
            var (log, reason) = await RaftBook.RecoverAsync(options, folder, machine, cancellation).ConfigureAwait(false);
            if (log is null)
            {
                return new BookFileReading.Damaged(reason);
            }
            var last = log.LastEntryIndex;
            await log.CommitAsync(last, cancellation).ConfigureAwait(false);
            await log.WaitForApplyAsync(last, cancellation).ConfigureAwait(false);
            await log.DisposeAsync().ConfigureAwait(false);
            await machine.DisposeAsync().ConfigureAwait(false);
            return new BookFileReading.Whole(machine.Current);
        }
    }
}

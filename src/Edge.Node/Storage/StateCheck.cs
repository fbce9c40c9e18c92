using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Edge.Node.Storage;

/// <summary>Looks through the whole file of channel state: its journal, its structure, and each row's checksum.</summary>
internal static class StateCheck
{
    /// <summary>Checks, and with <paramref name="repair"/> moves a file aside whose structure is damaged, so that the node can start.</summary>
    /// <exception cref="SqliteException">The disk refuses.</exception>
    public static StateDamage Run(string path, bool repair, TimeProvider time)
    {
        if (!File.Exists(path))
            return StateDamage.None;
        var sentences = new List<string>();
        if (JournalCheck.LostCommits(path + "-wal") is { } lost)
            sentences.Add(lost);
        try
        {
            using var rows = ChannelRows.Open(path);
            var problems = rows.Problems();
            if (problems.Count > 0)
                return Unusable(path, problems[0], repair, time);
            var damaged = rows.DamagedRows();
            sentences.AddRange(damaged.Select(row =>
                $"Channel state {path} is damaged: the row of {row} fails its checksum and is not used. Start that channel over with edge doctor --forget TENANT/CHANNEL, and check the disk (dmesg, smartctl)."));
            return new StateDamage(sentences, OwnerUnknown: damaged.Count > 0);
        }
        // SQLITE_ERROR too: our statements are fixed, so one that does not fit the file met a damaged schema (found by the flip test: a column renamed by one bit).
        catch (SqliteException failure) when (failure.SqliteErrorCode is 1 /* SQLITE_ERROR */ or 11 /* SQLITE_CORRUPT */ or 26 /* SQLITE_NOTADB */)
        {
            return Unusable(path, failure.Message, repair, time);
        }
        catch (InvalidCastException failure)
        {
            return Unusable(path, failure.Message, repair, time);
        }
    }

    private static StateDamage Unusable(string path, string problem, bool repair, TimeProvider time)
    {
        var aside = $"{path}.damaged-{time.GetUtcNow().ToString("yyyyMMddTHHmmss", CultureInfo.InvariantCulture)}";
        if (repair)
        {
            foreach (var suffix in new[] { "", "-wal", "-shm" })
                if (File.Exists(path + suffix))
                    File.Move(path + suffix, aside + suffix, overwrite: true);
            StableStorage.SyncFolder(Path.GetDirectoryName(path)!);
        }
        var moved = repair
            ? $"It was moved to {aside} and the node starts with an empty state: channels read again what the intake log still holds."
            : $"The next start moves it to {Path.GetFileName(path)}.damaged-… and begins with an empty state.";
        return new StateDamage([$"Channel state {path} is damaged: {problem}. {moved} Check the disk (dmesg, smartctl)."], OwnerUnknown: false);
    }
}

using System.Buffers.Binary;
using System.Text;
using Edge.Actors.Channels;
using Edge.Messages.Channels;
using Microsoft.Data.Sqlite;

namespace Edge.Node.Storage;

/// <summary>
/// The rows of channel state over one connection. A row is a channel's head (kind 0), one key's state (kind 1), or a key of a copy that is not whole yet (kind 2); its checksum covers all of
/// its columns. One thread at a time.
/// </summary>
internal sealed class ChannelRows : IDisposable
{
    private const int HeadRow = 0;
    private const int KeyRow = 1;
    private const int StagedRow = 2;

    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _select;
    private readonly SqliteCommand _put;
    private readonly SqliteCommand _delete;
    private readonly SqliteCommand _deleteKind;
    private readonly SqliteCommand _keys;

    private ChannelRows(SqliteConnection connection)
    {
        _connection = connection;
        _select = Command("SELECT position, state, checksum FROM state WHERE channel = $channel AND kind = $kind AND key = $key");
        _put = Command("INSERT OR REPLACE INTO state (channel, kind, key, position, state, checksum) VALUES ($channel, $kind, $key, $position, $state, $checksum)");
        _delete = Command("DELETE FROM state WHERE channel = $channel");
        _deleteKind = Command("DELETE FROM state WHERE channel = $channel AND kind = $kind");
        _keys = Command("SELECT key FROM state WHERE channel = $channel AND kind = $kind");
    }

    /// <summary>Opens a database, making it and its table when they are not there.</summary>
    public static ChannelRows Open(string path)
    {
        var connection = Connect(path);
        try
        {
            Execute(connection, "PRAGMA journal_mode=WAL");
            Execute(connection, "PRAGMA synchronous=FULL");
            Execute(connection, "PRAGMA busy_timeout=5000");
            Execute(connection,
                "CREATE TABLE IF NOT EXISTS state (channel TEXT NOT NULL, kind INTEGER NOT NULL, key TEXT NOT NULL, position INTEGER NOT NULL, state BLOB NOT NULL, checksum INTEGER NOT NULL, "
                + "PRIMARY KEY (channel, kind, key)) WITHOUT ROWID");
            return new ChannelRows(connection);
        }
        catch (SqliteException)
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>A channel's head; null when there is none.</summary>
    /// <exception cref="ChannelStateDamagedException">It fails its checksum.</exception>
    public StoredChannel? Head(ChannelId channel) => Row(channel, HeadRow, "");

    /// <summary>A key's state; null when there is none.</summary>
    /// <exception cref="ChannelStateDamagedException">It fails its checksum.</exception>
    public ReadOnlyMemory<byte>? Key(ChannelId channel, string key) => Row(channel, KeyRow, key)?.Head;

    /// <summary>Writes a commit's rows.</summary>
    public void Put(ChannelId channel, ChannelCommit commit)
    {
        Put(channel, HeadRow, "", commit.Position, commit.Head);
        foreach (var key in commit.Changed)
            Put(channel, KeyRow, key.Key, 0, key.State);
    }

    /// <summary>Names of a channel's keys.</summary>
    public IReadOnlyList<string> Keys(ChannelId channel) => Keys(channel.ToString(), KeyRow);

    /// <summary>Puts keys aside.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="keys">The keys.</param>
    /// <param name="first">Drops what was put aside before.</param>
    public void Stage(ChannelId channel, IReadOnlyList<StoredKey> keys, bool first)
    {
        if (first)
            Delete(channel.ToString(), StagedRow);
        foreach (var key in keys)
            Put(channel, StagedRow, key.Key, 0, key.State);
    }

    /// <summary>Makes a commit, and what was put aside if <paramref name="staged"/>, the channel's only rows.</summary>
    public void Replace(ChannelId channel, ChannelCommit commit, bool staged)
    {
        var name = channel.ToString();
        Delete(name, HeadRow);
        Delete(name, KeyRow);
        if (staged)
        {
            foreach (var key in Keys(name, StagedRow))
                Adopt(channel, key);
        }
        Delete(name, StagedRow);
        Put(channel, commit);
    }

    /// <summary>Removes a channel's rows.</summary>
    public void Delete(string channel)
    {
        _delete.Parameters.Clear();
        _delete.Parameters.AddWithValue("$channel", channel);
        _delete.ExecuteNonQuery();
    }

    /// <summary>Makes all changes durable, or none.</summary>
    public void InTransaction(Action changes)
    {
        using var transaction = _connection.BeginTransaction();
        _put.Transaction = _delete.Transaction = _deleteKind.Transaction = _keys.Transaction = _select.Transaction = transaction;
        changes();
        transaction.Commit();
        _select.Transaction = _keys.Transaction = null;
    }

    /// <summary>Names of rows that fail their checksum, as far as they can be read.</summary>
    public IReadOnlyList<string> DamagedRows() =>
        [.. All().Where(row => !row.IsIntact).Select(row => row.Kind == HeadRow ? $"channel '{row.Channel}'" : $"channel '{row.Channel}' key '{row.Key}'")];

    /// <summary>Names that only damaged rows have: a name that the damage made, or a channel with nothing left.</summary>
    public IReadOnlyList<string> DamagedOnly() => [.. All().GroupBy(row => row.Channel).Where(rows => rows.All(row => !row.IsIntact)).Select(rows => rows.Key)];

    /// <summary>What SQLite finds wrong with the file's structure; empty when nothing.</summary>
    public IReadOnlyList<string> Problems()
    {
        using var check = Command("PRAGMA integrity_check(10)");
        using var rows = check.ExecuteReader();
        var problems = new List<string>();
        while (rows.Read())
            problems.Add(rows.GetString(0));
        return problems is ["ok"] ? [] : problems;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _select.Dispose();
        _put.Dispose();
        _delete.Dispose();
        _deleteKind.Dispose();
        _keys.Dispose();
        _connection.Dispose();
    }

    private List<(string Channel, int Kind, string Key, bool IsIntact)> All()
    {
        using var all = Command("SELECT channel, kind, key, position, state, checksum FROM state");
        using var rows = all.ExecuteReader();
        var found = new List<(string, int, string, bool)>();
        while (rows.Read())
        {
            var (channel, kind, key) = (rows.GetString(0), rows.GetInt32(1), rows.GetString(2));
            var isIntact = rows.GetValue(3) is long position && rows.GetValue(4) is byte[] state && rows.GetValue(5) is long checksum && checksum == Checksum(channel, kind, key, position, state);
            found.Add((channel, kind, key, isIntact));
        }
        return found;
    }

    private StoredChannel? Row(ChannelId channel, int kind, string key)
    {
        var name = channel.ToString();
        _select.Parameters.Clear();
        _select.Parameters.AddWithValue("$channel", name);
        _select.Parameters.AddWithValue("$kind", kind);
        _select.Parameters.AddWithValue("$key", key);
        using var row = _select.ExecuteReader();
        if (!row.Read())
            return null;
        if (row.GetValue(0) is long position && row.GetValue(1) is byte[] state && row.GetValue(2) is long checksum && checksum == Checksum(name, kind, key, position, state))
            return new StoredChannel(position, state);
        throw new ChannelStateDamagedException(
            $"State of channel '{channel}'{(kind == KeyRow ? $", key '{key}'," : "")} in {_connection.DataSource} fails its checksum: the disk has changed it. It is not used. "
            + $"To start the channel over, stop the node and run: edge doctor --forget {channel}. Then check the disk (dmesg, smartctl).");
    }

    // A row that the disk has changed since it was put aside is found damaged under its new kind too.
    private void Adopt(ChannelId channel, string key)
    {
        var name = channel.ToString();
        var (position, state, checksum) = Read(name, StagedRow, key);
        var intact = checksum == Checksum(name, StagedRow, key, position, state);
        Put(channel, KeyRow, key, position, state, Checksum(name, KeyRow, key, position, state) ^ (intact ? 0 : 1));
    }

    private (long Position, byte[] State, long Checksum) Read(string channel, int kind, string key)
    {
        _select.Parameters.Clear();
        _select.Parameters.AddWithValue("$channel", channel);
        _select.Parameters.AddWithValue("$kind", kind);
        _select.Parameters.AddWithValue("$key", key);
        using var row = _select.ExecuteReader();
        row.Read();
        return (row.GetInt64(0), row.GetFieldValue<byte[]>(1), row.GetInt64(2));
    }

    private List<string> Keys(string channel, int kind)
    {
        _keys.Parameters.Clear();
        _keys.Parameters.AddWithValue("$channel", channel);
        _keys.Parameters.AddWithValue("$kind", kind);
        using var rows = _keys.ExecuteReader();
        var keys = new List<string>();
        while (rows.Read())
            keys.Add(rows.GetString(0));
        return keys;
    }

    private void Delete(string channel, int kind)
    {
        _deleteKind.Parameters.Clear();
        _deleteKind.Parameters.AddWithValue("$channel", channel);
        _deleteKind.Parameters.AddWithValue("$kind", kind);
        _deleteKind.ExecuteNonQuery();
    }

    private void Put(ChannelId channel, int kind, string key, long position, ReadOnlyMemory<byte> state)
    {
        var bytes = state.ToArray();
        Put(channel, kind, key, position, bytes, Checksum(channel.ToString(), kind, key, position, bytes));
    }

    private void Put(ChannelId channel, int kind, string key, long position, byte[] state, long checksum)
    {
        _put.Parameters.Clear();
        _put.Parameters.AddWithValue("$channel", channel.ToString());
        _put.Parameters.AddWithValue("$kind", kind);
        _put.Parameters.AddWithValue("$key", key);
        _put.Parameters.AddWithValue("$position", position);
        _put.Parameters.AddWithValue("$state", state);
        _put.Parameters.AddWithValue("$checksum", checksum);
        _put.ExecuteNonQuery();
    }

    private static long Checksum(string channel, int kind, string key, long position, ReadOnlySpan<byte> state)
    {
        Span<byte> numbers = stackalloc byte[16];
        BinaryPrimitives.WriteInt64LittleEndian(numbers, position);
        BinaryPrimitives.WriteInt32LittleEndian(numbers[8..], kind);
        BinaryPrimitives.WriteInt32LittleEndian(numbers[12..], channel.Length);
        return Crc32C.Of(state, Crc32C.Of(numbers, Crc32C.Of(Encoding.UTF8.GetBytes(channel + key))));
    }

    private SqliteCommand Command(string text)
    {
        var command = _connection.CreateCommand();
        command.CommandText = text;
        return command;
    }

    private static SqliteConnection Connect(string path)
    {
        // Pooling would keep the file open after Dispose.
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }

    private static void Execute(SqliteConnection connection, string text)
    {
        using var command = connection.CreateCommand();
        command.CommandText = text;
        command.ExecuteNonQuery();
    }
}

using System.Globalization;
using DotNext.IO;
using DotNext.Net.Cluster.Consensus.Raft.StateMachine;

namespace Edge.Cluster.Raft;

/// <summary>A snapshot file as the Raft library sends it to a voter that is too far behind: the file's own bytes, checksum included.</summary>
internal sealed class BookLogSnapshot(string path, long index, long term) : ISnapshot
{
    private int _sent;

    public string Path => path;

    /// <summary>How often the library sent it.</summary>
    public int Sent => Volatile.Read(ref _sent);

    /// <summary>Called at each sending.</summary>
    public Action<BookLogSnapshot>? OnSend { private get; init; }

    public long Index => index;

    public long Term => term;

    long? IDataTransferObject.Length => new FileInfo(path).Length;

    bool IDataTransferObject.IsReusable => true;

    async ValueTask IDataTransferObject.WriteToAsync<TWriter>(TWriter writer, CancellationToken token)
    {
        Interlocked.Increment(ref _sent);
        OnSend?.Invoke(this);
        await writer.Invoke(await File.ReadAllBytesAsync(path, token).ConfigureAwait(false), token).ConfigureAwait(false);
    }

    /// <summary>Name of the file of a snapshot.</summary>
    public static string NameOf(long index, long term) => string.Create(CultureInfo.InvariantCulture, $"book-{index}-{term}");

    /// <summary>The snapshots of a folder, newest first.</summary>
    public static IReadOnlyList<BookLogSnapshot> In(string folder)
    {
        var found = new List<BookLogSnapshot>();
        foreach (var file in Directory.EnumerateFiles(folder, "book-*-*"))
        {
            var parts = System.IO.Path.GetFileName(file).Split('-');
            if (parts.Length == 3 && long.TryParse(parts[1], CultureInfo.InvariantCulture, out var index) && long.TryParse(parts[2], CultureInfo.InvariantCulture, out var term))
            {
                found.Add(new BookLogSnapshot(file, index, term));
            }
        }
        return [.. found.OrderByDescending(snapshot => snapshot.Index)];
    }
}

using System.Globalization;
using Edge.Cluster.Book;
using Edge.Cluster.Storage;

namespace Edge.Cluster.Raft;

/// <summary>
/// The folder in which a node keeps its vote: <c>voters</c> (the list in effect), <c>snapshots/</c>, and <c>log/</c> (the library's). A folder is founded or seeded once, and ends by being set aside:
/// nothing in it is ever initialised a second time, because a vote that forgot what it acknowledged loses it for the site.
/// </summary>
public sealed record LogFolder(string Path)
{
    /// <summary>Whether there is a vote here: founded or seeded, and not set aside.</summary>
    public bool Exists => File.Exists(VotersPath);

    internal string VotersPath => System.IO.Path.Combine(Path, "voters");

    internal string SnapshotsPath => System.IO.Path.Combine(Path, "snapshots");

    internal string WalPath => System.IO.Path.Combine(Path, "log");

    /// <summary>Makes the log of a new site: this node votes alone and leads as soon as the log is opened.</summary>
    /// <exception cref="IOException">There is a log already, or the disk refuses.</exception>
    public void Found(string self) => Place(VoterList.Of(0, self), null);

    /// <summary>Makes the log of a site that goes on from a book: this node votes alone, the book is its first snapshot. The first entry must be a <c>BeginIncarnation</c>.</summary>
    /// <exception cref="IOException">There is a log already, or the disk refuses.</exception>
    public void FoundFrom(BookState state, string self)
    {
        ArgumentNullException.ThrowIfNull(state);
        Place(VoterList.Of(0, self), state);
    }

    /// <summary>Makes an empty log that waits to be added: it knows the present voters, and is none itself (rule 1).</summary>
    internal void Seed(VoterList present) => Place(present with { Version = 0 }, null);

    /// <summary>
    /// Takes the folder away: renamed at once, so that no restart finds it, then deleted unless <paramref name="keep"/>. Returns where it was moved. The log must be closed.
    /// </summary>
    public string SetAside(string reason, DateTimeOffset now, bool keep)
    {
        var aside = string.Create(CultureInfo.InvariantCulture, $"{Path}.{reason}-{now:yyyyMMddHHmmss}");
        for (var number = 2; Directory.Exists(aside); number++)
        {
            aside = string.Create(CultureInfo.InvariantCulture, $"{Path}.{reason}-{now:yyyyMMddHHmmss}-{number}");
        }
        Directory.Move(Path, aside);
        StableFiles.SyncFolder(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!);
        if (!keep)
        {
            Directory.Delete(aside, recursive: true);
        }
        return aside;
    }

    /// <summary>
    /// What is plainly missing: the library takes a lost checkpoint or vote file for a new log and would vote as if it had never acknowledged anything. Empty when nothing is.
    /// </summary>
    internal string MissingPart()
    {
        var data = System.IO.Path.Combine(WalPath, "data");
        if (!Directory.Exists(data) || !Directory.EnumerateFiles(data).Any())
        {
            return "";
        }
        foreach (var (part, least) in new[] { ("checkpoint", 20), ("state", 8) })
        {
            var file = new FileInfo(System.IO.Path.Combine(WalPath, part));
            if (!file.Exists || file.Length < least)
            {
                return $"{file.FullName} has {(file.Exists ? file.Length : 0)} bytes while the log has entries";
            }
        }
        return "";
    }

    private void Place(VoterList list, BookState? state)
    {
        if (Exists)
        {
            throw new IOException($"{Path} holds a log already. Set it aside first; a log is never made anew in place.");
        }
        Directory.CreateDirectory(SnapshotsPath);
        if (state is not null)
        {
            BookFile.Write(System.IO.Path.Combine(SnapshotsPath, BookLogSnapshot.NameOf((long)state.Index, 0)), state);
        }
        // Last: the list makes it a log.
        VoterListStore.Place(VotersPath, list);
        StableFiles.SyncFolder(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!);
    }
}

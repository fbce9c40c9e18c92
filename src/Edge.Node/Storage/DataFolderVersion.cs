using System.Globalization;
using System.Text;

namespace Edge.Node.Storage;

/// <summary>One step from a format of the data folder to the next. Must be repeatable: a crash in the middle runs it again from the start.</summary>
/// <param name="From">The format that it starts from; it ends at the next one.</param>
/// <param name="What">What it changes, for the log.</param>
/// <param name="Apply">Changes the folder.</param>
internal sealed record DataMigration(int From, string What, Action<string> Apply);

/// <summary>
/// The format of a data folder, in its file <c>edge.version</c>. An older folder is brought up step by step, the file rewritten after each step; a newer one is refused.
/// </summary>
/// <param name="current">The format that this program writes.</param>
/// <param name="oldest">The oldest format that there is a way from.</param>
/// <param name="steps">The ways.</param>
internal sealed class DataFolderVersion(int current, int oldest, IReadOnlyList<DataMigration> steps)
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "edge.version";

    // What a node or its tools may have put there before the first start.
    private static readonly string[] Ours = ["lock", "intake", "state.db", "state.db-wal", "state.db-shm", "modules", "cache.key", "tenants", "devices", "lost+found", "edge.version.new"];

    /// <summary>This program's format: 1, with no way from anything older because nothing older was ever written.</summary>
    public static DataFolderVersion OfThisProgram { get; } = new(1, 1, []);

    /// <summary>The format that this program writes.</summary>
    public int Current => current;

    /// <summary>The folder's format; null when it has none yet.</summary>
    /// <exception cref="DataFolderException">The file holds no format number.</exception>
    public static int? Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            return null;
        var text = File.ReadAllText(path).Trim();
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var format)
            ? format
            : throw new DataFolderException($"Data folder {folder} has an unreadable {FileName} ('{text}'); a whole number is allowed. Restore the file, or name another folder with --data.");
    }

    /// <summary>Brings the folder to this program's format.</summary>
    /// <returns>The steps that were taken.</returns>
    /// <exception cref="DataFolderException">It is newer, too old, or not a data folder of this program.</exception>
    public IReadOnlyList<DataMigration> BringUp(string folder)
    {
        if (Read(folder) is not { } format)
        {
            RefuseForeign(folder);
            Write(folder, current);
            return [];
        }
        if (format > current)
            throw new DataFolderException(
                $"Data folder {folder} has format {format}; this edge reads formats {oldest} to {current}. It was written by a newer edge: start that one, or name another folder with --data.");
        if (format < oldest)
            throw new DataFolderException(
                $"Data folder {folder} has format {format}; this edge reads formats {oldest} to {current}. Start an edge between the two first, or name another folder with --data.");
        var taken = steps.Where(step => step.From >= format && step.From < current).OrderBy(step => step.From).ToList();
        foreach (var step in taken)
        {
            step.Apply(folder);
            Write(folder, step.From + 1);
        }
        return taken;
    }

    private static void Write(string folder, int format) =>
        StableStorage.Replace(Path.Combine(folder, FileName), Encoding.ASCII.GetBytes(format.ToString(CultureInfo.InvariantCulture) + "\n"));

    private static void RefuseForeign(string folder)
    {
        var foreign = Directory.EnumerateFileSystemEntries(folder).Select(path => Path.GetFileName(path)!).FirstOrDefault(name => !Ours.Contains(name));
        if (foreign is not null)
            throw new DataFolderException(
                $"Folder {folder} is not an edge data folder: it has no {FileName}, and holds '{foreign}'. An empty or missing folder is allowed. Name another with --data.");
    }
}

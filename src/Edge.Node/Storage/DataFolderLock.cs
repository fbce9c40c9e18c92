using System.Globalization;
using System.Text;

namespace Edge.Node.Storage;

/// <summary>
/// Holds a data folder for one process: an exclusive <c>flock</c> on its <c>lock</c> file, which the kernel lets go of however the process ends. The file's
/// text is the holder's process id, for people.
/// </summary>
internal sealed class DataFolderLock : IDisposable
{
    private readonly FileStream _file;

    private DataFolderLock(FileStream file) => _file = file;

    /// <summary>Takes the lock.</summary>
    /// <returns>Null when another process holds it.</returns>
    /// <exception cref="IOException">The file cannot be made or written.</exception>
    public static DataFolderLock? TryTake(string path)
    {
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException taken) when (taken.HResult == 11 /* EWOULDBLOCK, what flock answers */)
        {
            return null;
        }
        try
        {
            file.SetLength(0);
            file.Write(Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n"));
            return new DataFolderLock(file);
        }
        catch (IOException)
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Who holds the lock, in words.</summary>
    public static string Holder(string path)
    {
        using var file = StableStorage.OpenUnlocked(path);
        var text = new byte[16];
        var pid = Encoding.ASCII.GetString(text, 0, RandomAccess.Read(file, text, 0)).Trim();
        var name = $"/proc/{pid}/comm";
        return pid.Length == 0 ? "another process" : File.Exists(name) ? $"process {pid} ({File.ReadAllText(name).Trim()})" : $"process {pid}";
    }

    /// <inheritdoc />
    public void Dispose() => _file.Dispose();
}

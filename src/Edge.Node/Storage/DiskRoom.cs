namespace Edge.Node.Storage;

/// <summary>How much room the disk of a folder has.</summary>
/// <param name="FreeBytes">Bytes that this process may still use.</param>
/// <param name="TotalBytes">Size of the file system.</param>
public readonly record struct DiskRoom(long FreeBytes, long TotalBytes)
{
    /// <summary>Below this many free bytes a node is not ready: one more segment and the state's journal would not fit.</summary>
    public const long LeastBytes = 64L << 20;

    /// <summary>Below this many free bytes people are warned.</summary>
    public const long LowBytes = 512L << 20;

    /// <summary>Whether a node can go on for now.</summary>
    public bool IsEnough => FreeBytes >= LeastBytes;

    /// <summary>Whether a person should make room soon.</summary>
    public bool IsLow => FreeBytes < LowBytes;

    /// <summary>Asks the file system of a folder.</summary>
    /// <exception cref="IOException">It does not answer.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not ask.</exception>
    public static DiskRoom Of(string folder)
    {
        var drive = new DriveInfo(folder);
        return new DiskRoom(drive.AvailableFreeSpace, drive.TotalSize);
    }
}

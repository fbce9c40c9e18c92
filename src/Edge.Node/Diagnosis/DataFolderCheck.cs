using Edge.Node.Storage;

namespace Edge.Node.Diagnosis;

/// <summary>The data folder can be opened: writable, of a format that this program reads, held by nobody else or by a node that runs.</summary>
internal sealed class DataFolderCheck(string folder) : ICheck
{
    /// <inheritdoc />
    public IEnumerable<Finding> Look()
    {
        yield return Judge();
        if (Directory.Exists(folder) && RoomFinding(DiskRoom.Of(folder)) is { } room)
            yield return room;
    }

    /// <summary>Judges the room on the disk.</summary>
    internal static Finding RoomFinding(DiskRoom room)
    {
        var found = $"{room.FreeBytes >> 20} MiB free of {room.TotalBytes >> 20} MiB";
        return !room.IsEnough ? Finding.Failed("disk room", $"{found}; {DiskRoom.LeastBytes >> 20} MiB are needed.", "Free some space, or name another folder with --data.")
            : room.IsLow ? Finding.Warning("disk room", $"{found}; below {DiskRoom.LowBytes >> 20} MiB the intake log may soon refuse readings.", "Free some space.")
            : Finding.Ok("disk room", found);
    }

    private Finding Judge()
    {
        if (!Directory.Exists(folder))
            return Finding.Ok("data folder", $"{folder} is not there yet; edge up makes it");
        if (DataFolderVersion.Read(folder) is not { } format)
            return Directory.EnumerateFileSystemEntries(folder).Any()
                ? Finding.Warning("data folder", $"{folder} has no {DataFolderVersion.FileName} yet", "None, if it is new. Else check that --data names the right folder.")
                : Finding.Ok("data folder", $"{folder} is empty; edge up begins there");
        if (IsHeld(folder))
            return Finding.Ok("data folder", $"{folder}, format {format}, in use by {DataFolderLock.Holder(DataFolder.LockFileOf(folder))}");
        try
        {
            // A newer or older folder must stay as it is: the doctor does not migrate.
            if (format == DataFolderVersion.OfThisProgram.Current)
                DataFolder.Open(folder).Dispose();
        }
        catch (DataFolderException unusable)
        {
            return Finding.Failed("data folder", unusable.Message, "See there.");
        }
        return format > DataFolderVersion.OfThisProgram.Current
            ? Finding.Failed("data folder", $"{folder} has format {format}; this edge reads {DataFolderVersion.OfThisProgram.Current}.", "Use the newer edge that wrote it.")
            : Finding.Ok("data folder", $"{folder}, format {format}");
    }

    /// <summary>Whether a process holds a data folder now.</summary>
    internal static bool IsHeld(string folder)
    {
        var file = DataFolder.LockFileOf(folder);
        if (!File.Exists(file))
            return false;
        try
        {
            using var taken = DataFolderLock.TryTake(file);
            return taken is null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Not writable is the data folder's finding, not a held lock.
            return false;
        }
    }
}

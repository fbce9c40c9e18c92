namespace Edge.Node.Storage;

/// <summary>
/// Has the next segment's file ready, so that going on to it costs a rename. A spare is a trimmed segment, or a new file written full of zeros: a sync
/// on blocks that exist is faster than one that also allocates, and a full disk is met here and not in the middle of a batch.
/// </summary>
internal sealed class SpareSegment(string folder, int segmentBytes)
{
    private const string Name = "spare";
    private const string Unfinished = "spare.new";
    private const int ZeroBytes = 1 << 20;

    private readonly string _path = Path.Combine(folder, Name);

    /// <summary>Whether the spare is there.</summary>
    public bool Exists { get; private set; }

    /// <summary>Looks at what an earlier run left; a half-made or wrongly sized file is removed.</summary>
    public void Recover()
    {
        File.Delete(Path.Combine(folder, Unfinished));
        Exists = File.Exists(_path) && new FileInfo(_path).Length == segmentBytes;
        if (!Exists)
            File.Delete(_path);
    }

    /// <summary>Makes the spare when it is not there.</summary>
    /// <param name="zeroFill">False only allocates, for a start that should not wait for 32 MiB of zeros.</param>
    /// <exception cref="IOException">There is no room, or the disk fails.</exception>
    public void Make(bool zeroFill = true)
    {
        if (Exists)
            return;
        var path = Path.Combine(folder, Unfinished);
        try
        {
            File.Delete(path);
            using (var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                StableStorage.Allocate(file, path, segmentBytes);
                if (zeroFill)
                    FillWithZeros(file);
                StableStorage.SyncContent(file, path);
            }
            File.Move(path, _path);
            Exists = true;
        }
        catch (IOException)
        {
            File.Delete(path);
            throw;
        }
    }

    /// <summary>Turns the spare into a segment.</summary>
    public void Become(SegmentName name)
    {
        StableStorage.Rename(_path, Path.Combine(folder, name.ToString()));
        Exists = false;
    }

    /// <summary>Takes over the file of a segment that nobody needs: it becomes the spare, or is deleted when there is one or it has another size.</summary>
    public void Recycle(IntakeSegment segment)
    {
        segment.Dispose();
        if (Exists || segment.Capacity != segmentBytes)
        {
            File.Delete(segment.Path);
            return;
        }
        StableStorage.Rename(segment.Path, _path);
        Exists = true;
    }

    private void FillWithZeros(Microsoft.Win32.SafeHandles.SafeFileHandle file)
    {
        var zeros = new byte[Math.Min(ZeroBytes, segmentBytes)];
        for (long at = 0; at < segmentBytes; at += zeros.Length)
            RandomAccess.Write(file, zeros.AsSpan(0, (int)Math.Min(zeros.Length, segmentBytes - at)), at);
    }
}

namespace Edge.Node.Storage;

/// <summary>Keeps copies of damaged parts of segments in a folder beside them, each with a note in words, until a person deletes them.</summary>
internal sealed class Quarantine(string folder)
{
    private const int MostCopies = 64;
    private const int MostBytes = 1 << 20;

    /// <summary>Copies the bytes of the damage aside, the first MiB of them, unless that was done when it was found before. At most 64 copies are kept; then only the note in the log remains.</summary>
    /// <returns>The damage with the copy's path, and whether it is new.</returns>
    public (IntakeDamage Damage, bool IsNew) Keep(string segmentPath, IntakeDamage damage)
    {
        var copy = Path.Combine(folder, $"{damage.Segment}-at-{damage.Offset}.bytes");
        if (File.Exists(copy))
            return (damage with { Copy = copy }, false);
        try
        {
            Directory.CreateDirectory(folder);
            if (Directory.EnumerateFiles(folder, "*.bytes").Count() >= MostCopies)
                return (damage, true);
            var kept = damage with { Copy = copy };
            using (var segment = File.OpenHandle(segmentPath))
                StableStorage.Replace(copy, Bytes(segment, damage));
            File.WriteAllText(copy + ".txt", kept + Environment.NewLine);
            return (kept, true);
        }
        catch (IOException)
        {
            // A full or failing disk must not keep the log from opening: the damage is reported without its copy.
            return (damage, true);
        }
    }

    private static byte[] Bytes(Microsoft.Win32.SafeHandles.SafeFileHandle segment, IntakeDamage damage)
    {
        using var window = new SegmentWindow(segment, damage.Offset + damage.Bytes);
        return window.At(damage.Offset, (int)Math.Min(damage.Bytes, MostBytes)).ToArray();
    }
}

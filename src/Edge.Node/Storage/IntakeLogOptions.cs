namespace Edge.Node.Storage;

/// <summary>Where the intake log lives and how large it may get.</summary>
/// <param name="Folder">Its folder, on a local disk; created when missing.</param>
public sealed record IntakeLogOptions(string Folder)
{
    /// <summary>Size of one segment file. Default 32 MiB; 64 KiB–1 GiB. Space is given back in whole segments. No reading may be larger than half of one.</summary>
    public int SegmentBytes { get; init; } = 32 << 20;

    /// <summary>
    /// Most bytes that the log's segments take on disk. Default 1 GiB; at least two segments. At the cap readings are refused with
    /// <see cref="Edge.Actors.Intake.IntakeUnavailableException"/> until channels have committed and trimmed.
    /// </summary>
    public long CapBytes { get; init; } = 1L << 30;

    /// <summary>
    /// Most bytes that wait in memory for the disk. Default 16 MiB; at least 64 KiB. Beyond it readings are refused: the disk does not keep up.
    /// </summary>
    public int PendingBytes { get; init; } = 16 << 20;

    /// <summary>Newest readings kept in memory for channels that tail the log, in encoded bytes. Default 4 MiB; 0 keeps none and every read goes to the disk.</summary>
    public int RecentBytes { get; init; } = 4 << 20;

    /// <summary>The options, checked.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    internal IntakeLogOptions Checked()
    {
        ArgumentException.ThrowIfNullOrEmpty(Folder);
        ArgumentOutOfRangeException.ThrowIfLessThan(SegmentBytes, 64 << 10);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(SegmentBytes, 1 << 30);
        ArgumentOutOfRangeException.ThrowIfLessThan(CapBytes, 2L * SegmentBytes);
        ArgumentOutOfRangeException.ThrowIfLessThan(PendingBytes, 64 << 10);
        ArgumentOutOfRangeException.ThrowIfNegative(RecentBytes);
        return this;
    }
}

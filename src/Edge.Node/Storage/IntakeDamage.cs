namespace Edge.Node.Storage;

/// <summary>Records of the intake log that are lost because the disk did not keep them.</summary>
/// <param name="Segment">The segment file's name.</param>
/// <param name="Offset">Where the damage starts in it.</param>
/// <param name="Bytes">How many bytes are no record; 0 when whole records are missing and left nothing.</param>
/// <param name="FirstLost">The first sequence that is missing.</param>
/// <param name="LastLost">The last sequence that is missing. Some of those between may never have been given to a reading.</param>
/// <param name="Copy">Where the damaged bytes were copied to for examination; null when there are none or the copy failed.</param>
public sealed record IntakeDamage(string Segment, long Offset, long Bytes, long FirstLost, long LastLost, string? Copy)
{
    /// <summary>In words: what, which, how much, and what to do.</summary>
    public override string ToString() =>
        $"Intake log damaged: {Segment} at offset {Offset} ({Bytes} bytes): readings {FirstLost} to {LastLost} are lost; everything else was read. "
        + (Copy is null ? "" : $"The damaged bytes are kept in {Copy}. ")
        + "Check the disk (dmesg, smartctl; SD cards wear out) and replace it if this comes again.";
}

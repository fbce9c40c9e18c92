using Edge.Node.Storage;

namespace Edge.Node.Diagnosis;

/// <summary>Reads the intake log and the channel state through, as a start would, and changes nothing. Skipped while a node has them open.</summary>
internal sealed class DamageCheck(string folder, TimeProvider time) : ICheck
{
    /// <inheritdoc />
    public IEnumerable<Finding> Look()
    {
        if (!Directory.Exists(folder))
            return [];
        if (DataFolderCheck.IsHeld(folder))
            return [Finding.Ok("damage", "not looked for while a node has the data open; /readyz names what it found"), .. Kept()];
        return [.. Intake(), .. State(), .. Kept()];
    }

    private IEnumerable<Finding> Intake()
    {
        var intake = DataFolder.IntakeFolderOf(folder);
        if (!File.Exists(Path.Combine(intake, "mark")))
            yield break;
        using var mark = IntakeMarkFile.Open(Path.Combine(intake, "mark"));
        var recovered = new IntakeRecovery(intake, mark.Mark, mark.IsDamaged).Scan();
        foreach (var segment in recovered.Segments)
            segment.Dispose();
        if (mark.IsDamaged)
            yield return Finding.Warning("intake log", $"The mark of {intake} is damaged; the trim point is taken from the segments.", "Check the disk (dmesg, smartctl).");
        foreach (var damage in recovered.Damage)
            yield return Finding.Failed("intake log", $"{damage.Segment} at offset {damage.Offset}: readings {damage.FirstLost} to {damage.LastLost} are lost; everything else can be read.", "The node starts and goes on. Check the disk (dmesg, smartctl; SD cards wear out) and replace it if this comes again.");
        if (recovered.Damage.Count == 0)
            yield return Finding.Ok("intake log", $"{recovered.Segments.Count} segments, last reading {recovered.Last}");
    }

    private IEnumerable<Finding> State()
    {
        var damage = StateCheck.Run(DataFolder.StateFileOf(folder), repair: false, time);
        return damage.Sentences.Count == 0
            ? [Finding.Ok("channel state", "every row is as it was written")]
            : damage.Sentences.Select(sentence => Finding.Failed("channel state", sentence, "See there."));
    }

    private IEnumerable<Finding> Kept()
    {
        var quarantine = Path.Combine(DataFolder.IntakeFolderOf(folder), "quarantine");
        var copies = Directory.Exists(quarantine) ? Directory.GetFiles(quarantine, "*.bytes").Length : 0;
        var aside = Directory.GetFiles(folder, "state.db.damaged-*").Length;
        if (copies + aside > 0)
            yield return Finding.Warning("damage kept", $"{copies} damaged parts of the intake log in {quarantine}, {aside} damaged state files in {folder}.", "Look at the notes beside them, then delete them.");
    }
}

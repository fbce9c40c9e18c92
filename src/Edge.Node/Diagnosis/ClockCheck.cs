using System.Runtime.InteropServices;

namespace Edge.Node.Diagnosis;

/// <summary>The clock was set, and something keeps it right. Readings without a time of their own get this clock's.</summary>
internal sealed partial class ClockCheck(TimeProvider time) : ICheck
{
    private const int FirstYear = 2025;
    private const int Unsynchronized = 5 /* TIME_ERROR */;
    private const int TimexBytes = 512; // struct timex has 208 bytes; its first word, modes, is 0: only ask.

    /// <inheritdoc />
    public IEnumerable<Finding> Look()
    {
        var now = time.GetUtcNow();
        yield return now.Year >= FirstYear
            ? Finding.Ok("clock", now.ToString("u"))
            : Finding.Failed("clock", $"{now:u}: it is not set.", "Set the time (date -s, or network time), or add a clock with a battery.");
        yield return AdjustTime(new byte[TimexBytes]) == Unsynchronized
            ? Finding.Warning("time sync", "The kernel's clock is not synchronized.", "Enable a time daemon: systemctl enable --now systemd-timesyncd, or chrony.")
            : Finding.Ok("time sync", "The kernel's clock is synchronized.");
    }

    [LibraryImport("libc", EntryPoint = "adjtimex")]
    private static partial int AdjustTime([In, Out] byte[] timex);
}

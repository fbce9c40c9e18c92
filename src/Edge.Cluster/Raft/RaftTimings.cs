namespace Edge.Cluster.Raft;

/// <summary>
/// How long a voter waits for its leader. A voter that hears nothing for a random time between <see cref="ElectionLower"/> and <see cref="ElectionUpper"/> asks for votes; the leader sends
/// at half of the lower bound. An acknowledgement includes a flush, so a disk that flushes slower than the lower bound would depose healthy leaders: the times follow the disk.
/// </summary>
/// <param name="ElectionLower">Shortest wait. 150 ms–1 s.</param>
/// <param name="ElectionUpper">Longest wait: twice the shortest.</param>
public sealed record RaftTimings(TimeSpan ElectionLower, TimeSpan ElectionUpper)
{
    /// <summary>Never below: on a LAN a busy two-core node is late by tens of milliseconds without being gone.</summary>
    public static TimeSpan Floor { get; } = TimeSpan.FromMilliseconds(150);

    /// <summary>Never above: the site would be without a leader for seconds after each failure. A disk slower than a tenth of it is reported, not waited for.</summary>
    public static TimeSpan Ceiling { get; } = TimeSpan.FromSeconds(1);

    /// <summary>300–600 ms: what a node uses that has not measured its disk, good for flushes of up to 30 ms.</summary>
    public static RaftTimings Default { get; } = new(TimeSpan.FromMilliseconds(300), TimeSpan.FromMilliseconds(600));

    /// <summary>
    /// The times for a disk: the lower bound is ten flushes at the 99th percentile, between <see cref="Floor"/> and <see cref="Ceiling"/>. Ten, because a follower's answer waits for one
    /// flush that is running and for its own, and one slow flush in a hundred may not cost a leader. Zero (not measured) gives <see cref="Default"/>.
    /// All voters should use the slowest voter's; a voter takes new times up when it opens its log.
    /// </summary>
    public static RaftTimings ForFlush(TimeSpan flushP99)
    {
        if (flushP99 <= TimeSpan.Zero)
        {
            return Default;
        }
        var wanted = flushP99 < Ceiling ? 10 * flushP99 : Ceiling;
        var lower = wanted < Floor ? Floor : wanted > Ceiling ? Ceiling : wanted;
        return new(lower, 2 * lower);
    }

    /// <summary>
    /// How long the leader's lease holds from the moment a confirmed round began: nine tenths of the shortest time in which a voter may turn to another, so that clocks may differ by a tenth in rate.
    /// </summary>
    public TimeSpan Lease => 0.9 * ElectionLower;
}

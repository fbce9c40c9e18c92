namespace Edge.Cluster.Raft;

/// <summary>
/// How long this node may act as the leader without asking: until <paramref name="length"/> after the begin of the last round that a majority answered. Monotonic time is compared at each question, so a
/// process that was stopped finds its lease over with the first look; the library's own lease is a timer, which fires only some time after the process goes on.
/// </summary>
internal sealed class LeaderLease(TimeSpan length, TimeProvider time)
{
    private long _until = time.GetTimestamp();

    /// <summary>A majority answered a round that began then.</summary>
    public void Confirm(long began)
    {
        var until = began + (long)(length.TotalSeconds * time.TimestampFrequency);
        if (until > Interlocked.Read(ref _until))
        {
            Interlocked.Exchange(ref _until, until);
        }
    }

    /// <summary>Whether it holds now.</summary>
    public bool Holds => time.GetTimestamp() < Interlocked.Read(ref _until);
}

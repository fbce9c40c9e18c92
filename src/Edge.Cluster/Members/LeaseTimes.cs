namespace Edge.Cluster.Members;

/// <summary>
/// The times of leases and elections, and the rule that ties them: a member stops before its successor starts, also with clocks that run at different rates and a device write under way.
/// Lease ends at most <see cref="Lease"/> after a renewal was <em>sent</em>, by the member's clock; the leader expires the member <see cref="Expiry"/> after it <em>received</em> it, by its own.
/// Between them lie <see cref="IoLimit"/> for a write that was begun under the lease, and as much again for clock rates. An election ends before a lease does, so that a change of leader costs no member its lease.
/// All derive from the slowest voter's flush time, because a leader's commit and a vote each wait for one.
/// </summary>
public sealed record LeaseTimes
{
    /// <summary>Least lower bound of an election. 300 ms: what held on two busy cores (150 ms gave spurious elections).</summary>
    public static readonly TimeSpan ElectionLeast = TimeSpan.FromMilliseconds(300);

    /// <summary>Greatest lower bound of an election. 1.5 s, reached at a flush time (99th percentile) of 150 ms; slower disks get no longer times, they lose leases.</summary>
    public static readonly TimeSpan ElectionMost = TimeSpan.FromMilliseconds(1500);

    /// <summary>Flush times that fit into the lower bound of an election.</summary>
    public const int FlushesPerElection = 10;

    /// <summary>Times for fast disks: election 300–600 ms, lease 1.0 s, expiry 1.4 s, a renewal every 150 ms, 200 ms for a device write.</summary>
    public static LeaseTimes Default { get; } = For(TimeSpan.Zero);

    /// <summary>How long a granted lease holds from the moment when its renewal was sent.</summary>
    public required TimeSpan Lease { get; init; }

    /// <summary>How long after the receipt of the last renewal the leader gives a member up. 1.4 leases.</summary>
    public required TimeSpan Expiry { get; init; }

    /// <summary>How often a member asks. 0.15 leases: six tries before one runs out.</summary>
    public required TimeSpan RenewEvery { get; init; }

    /// <summary>Longest device write. 0.2 leases, half of what lies between lease and expiry.</summary>
    public required TimeSpan IoLimit { get; init; }

    /// <summary>Lower bound of the election timeout.</summary>
    public required TimeSpan ElectionLower { get; init; }

    /// <summary>Upper bound of the election timeout: 0.6 leases.</summary>
    public required TimeSpan ElectionUpper { get; init; }

    /// <summary>Times for a site whose slowest voter flushes in <paramref name="slowestFlush"/> (99th percentile).</summary>
    public static LeaseTimes For(TimeSpan slowestFlush)
    {
        var steps = Math.Ceiling(slowestFlush.TotalMilliseconds * FlushesPerElection / 50);
        return Of(TimeSpan.FromMilliseconds(Math.Clamp(steps * 50, ElectionLeast.TotalMilliseconds, ElectionMost.TotalMilliseconds)) * 2 * 5 / 3);
    }

    /// <summary>The times that belong to a lease of this length, as it stands in the book.</summary>
    public static LeaseTimes Of(TimeSpan lease) => new()
    {
        Lease = lease,
        Expiry = lease * 1.4,
        RenewEvery = lease * 0.15,
        IoLimit = lease * 0.2,
        ElectionLower = lease * 0.3,
        ElectionUpper = lease * 0.6,
    };

    /// <summary>Times for a new measurement: longer at once, shorter only when half as much again would still fit, so that they do not flap.</summary>
    public LeaseTimes Follow(TimeSpan slowestFlush)
    {
        var wanted = For(slowestFlush);
        return wanted.Lease >= Lease || For(slowestFlush * 1.5).Lease < Lease ? wanted : this;
    }

    /// <summary>Greatest difference of two clocks' rates at which a member, its last write included, still stops before its expiry: 0.07 with the default times.</summary>
    public double RateTolerance => (Expiry - Lease - IoLimit) / (Expiry + Lease + IoLimit);

    /// <summary>What these times break, in words; empty if they are safe.</summary>
    public IEnumerable<string> Faults()
    {
        if (RateTolerance < 0.02)
            yield return $"Expiry ({Expiry.TotalMilliseconds} ms) leaves too little after lease ({Lease.TotalMilliseconds} ms) and device write ({IoLimit.TotalMilliseconds} ms): clocks may differ by {RateTolerance:P1}; 2 % is the least allowed.";
        if (ElectionUpper >= Lease - RenewEvery)
            yield return $"An election may take {ElectionUpper.TotalMilliseconds} ms; it must end before a lease of {Lease.TotalMilliseconds} ms less one renewal of {RenewEvery.TotalMilliseconds} ms.";
        if (RenewEvery * 3 > Lease)
            yield return $"A renewal every {RenewEvery.TotalMilliseconds} ms leaves fewer than three tries in a lease of {Lease.TotalMilliseconds} ms.";
    }
}

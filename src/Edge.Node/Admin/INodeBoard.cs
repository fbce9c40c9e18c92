namespace Edge.Node.Admin;

/// <summary>
/// What the leader sees of the nodes and what is in no book: leases, load, clocks. Filled by whoever puts the node together: on the leader from its lease table, elsewhere by asking the leader. One entry for each
/// node that is heard from; a node that is not has none.
/// </summary>
internal interface INodeBoard
{
    /// <summary>The nodes by name. Empty, never an exception, when there is no leader to ask.</summary>
    Task<IReadOnlyDictionary<string, NodeSight>> LookAsync(CancellationToken cancellation);
}

/// <summary>A node as the leader last saw it.</summary>
/// <param name="LeaseLeft">What is left of its lease by the leader's monotonic clock; null without one.</param>
/// <param name="Applied">Last book index that it has applied.</param>
/// <param name="ClockOffset">Its wall clock less the leader's; decides nothing.</param>
/// <param name="Cpu">Busy cores.</param>
/// <param name="MemoryBytes">Resident memory.</param>
/// <param name="Instances">Live guest instances.</param>
/// <param name="Actors">Running actors.</param>
/// <param name="FlushP99">Flush time of its disk, 99th percentile.</param>
internal sealed record NodeSight(TimeSpan? LeaseLeft, ulong Applied, TimeSpan ClockOffset, double Cpu, long MemoryBytes, int Instances, int Actors, TimeSpan FlushP99);

using System.Net.Sockets;
using Edge.Cluster.Book;
using Edge.Messages.Book;

namespace Edge.Cluster.Members;

/// <summary>
/// The one way by which this node writes to the world. Immediately before each write it checks that the member's lease holds and that the book, as far as this node has applied it, places the actor here under
/// the writer's epoch. It bounds the write by <see cref="MemberLease.IoLimit"/>, aborts it at the limit, and hands the epoch to the write, for devices that can compare it and refuse a lower one.
/// <para>Why a successor never overlaps: a write begins while the lease holds and ends at most <see cref="LeaseTimes.IoLimit"/> later; the leader gives the member up only <see cref="LeaseTimes.Expiry"/> after its last
/// renewal, which is lease + I/O limit + a margin for clock rates. The successor's wait for the I/O limit is thus part of the expiry and needs no other timer. In a live move the old owner reports
/// "released" only after its last write has returned.</para>
/// <para>What remains: the process may be stopped (or its thread starved) between the check and the system call for longer than expiry − lease, and then write one frame of an old epoch; and bytes in a kernel's or a serial
/// adapter's buffer may leave after the abort. Where that must not be, the device compares epochs, or has a watchdog of its own.</para>
/// Thread-safe; writes of different actors do not wait for each other.
/// </summary>
/// <param name="lease">Lease of the member that writes.</param>
/// <param name="placementOf">The actor's placement in the book as applied here now.</param>
/// <param name="time">Clock of the limit.</param>
public sealed class DeviceGate(MemberLease lease, Func<ActorName, Placement?> placementOf, TimeProvider time)
{
    /// <summary>Null if a write may begin now; otherwise why not.</summary>
    public WriteOutcome? Refusal(Epoch epoch, ActorName actor)
    {
        ArgumentNullException.ThrowIfNull(epoch);
        if (!lease.IsValid)
            return new WriteOutcome.LeaseOver(lease.Member);
        var placement = placementOf(actor);
        return placement is null || placement.Member != lease.Member || Epochs.Compare(placement.Epoch, epoch) != 0
            ? new WriteOutcome.NotOwner(epoch, placement?.Epoch)
            : null;
    }

    /// <summary>Writes, or says why not. The write must end soon after its token is cancelled, by closing its connection; the gate does not wait for one that does not.</summary>
    /// <param name="epoch">Epoch under which the caller owns the actor.</param>
    /// <param name="actor">The actor that writes.</param>
    /// <param name="write">The write itself, begun on the calling thread right after the check.</param>
    /// <param name="cancellation">Gives up early.</param>
    /// <exception cref="OperationCanceledException">The caller gave up. The device may have taken the write.</exception>
    public async Task<WriteOutcome> WriteAsync(Epoch epoch, ActorName actor, Func<Epoch, CancellationToken, Task> write, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(write);
        cancellation.ThrowIfCancellationRequested();
        var longest = lease.IoLimit;
        using var limit = new CancellationTokenSource(longest, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        if (Refusal(epoch, actor) is { } refusal)
            return refusal;
        try
        {
            await write(epoch, both.Token).WaitAsync(both.Token).ConfigureAwait(false);
            return WriteOutcome.Written.Instance;
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            return new WriteOutcome.TimedOut(longest);
        }
        catch (Exception failure) when (failure is IOException or SocketException or TimeoutException)
        {
            // A connection that was closed by the abort fails in its own way.
            return limit.IsCancellationRequested ? new WriteOutcome.TimedOut(longest) : new WriteOutcome.Failed(failure);
        }
    }
}

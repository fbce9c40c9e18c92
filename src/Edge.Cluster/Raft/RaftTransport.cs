using Edge.Messages.Site;
using Microsoft.AspNetCore.Connections;

namespace Edge.Cluster.Raft;

/// <summary>The connections between voters. Both ends are already authenticated: the listener hands over only peers with a certificate of the site, the dialer checked that the certificate carries the name.</summary>
/// <param name="Listener">
/// Asked once, with the endpoint of this node's name (<see cref="VoterName"/>), which it ignores. Its listener's AcceptAsync must not throw for one bad peer: the Raft library ends its accept loop at the first exception.
/// It must return null once unbound.
/// </param>
/// <param name="Dialer">Asked with the endpoint of a peer's name; looks today's address up at each call; throws <see cref="IOException"/> or a socket exception when the peer is not there.</param>
public sealed record RaftTransport(IConnectionListenerFactory Listener, IConnectionFactory Dialer);

/// <summary>How a voter that does not lead asks the one that does: the client side of the Membership service. Both throw <see cref="IOException"/> when the node did not answer.</summary>
/// <param name="AppendAsync">Append at a node by name.</param>
/// <param name="BarrierAsync">Read barrier at a node by name.</param>
public sealed record BookForwarding(
    Func<string, AppendRequest, CancellationToken, Task<AppendReply>> AppendAsync,
    Func<string, BarrierRequest, CancellationToken, Task<BarrierReply>> BarrierAsync);

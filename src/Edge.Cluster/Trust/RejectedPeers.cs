using System.Net;
using Microsoft.Extensions.Logging;

namespace Edge.Cluster.Trust;

/// <summary>
/// Tells people about peers that were not let in, once each: by address and reason. Remembers the last 256; a stranger that comes from more places than that is told again, never kept.
/// Thread-safe.
/// </summary>
public sealed class RejectedPeers(ILogger logger)
{
    private const int Remembered = 256;

    private readonly Lock _gate = new();
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    /// <summary>A peer was turned away.</summary>
    /// <param name="address">Where it is; ports are left out, because a stranger has many.</param>
    /// <param name="reason">Why.</param>
    public void Tell(EndPoint? address, string reason)
    {
        var from = address is IPEndPoint ip ? ip.Address.ToString() : address?.ToString() ?? "unknown";
        if (IsNew($"{from} {reason}"))
            logger.PeerRejected(from, reason);
    }

    private bool IsNew(string what)
    {
        lock (_gate)
        {
            if (!_told.Add(what))
                return false;
            _order.Enqueue(what);
            if (_order.Count > Remembered)
                _told.Remove(_order.Dequeue());
            return true;
        }
    }
}

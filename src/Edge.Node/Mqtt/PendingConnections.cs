using System.Net;

namespace Edge.Node.Mqtt;

/// <summary>Counts connections, and those of each address that have not signed in, and says which to close at once. Bounded by the options' limits.</summary>
internal sealed class PendingConnections(MqttBrokerOptions options)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, int> _pendingByAddress = [];
    private int _connections;
    private int _pending;

    /// <summary>A peer connected. Null: there is room, and the caller must call <see cref="SignedIn"/> (if it does) and <see cref="Left"/>; else the reason to close it.</summary>
    public string? Enter(IPAddress address)
    {
        lock (_gate)
        {
            var ofAddress = _pendingByAddress.GetValueOrDefault(address);
            var full = _connections >= options.MaxConnections ? "too_many_connections"
                : _pending >= options.MaxPending ? "too_many_pending"
                : ofAddress >= options.MaxPendingPerAddress ? "too_many_pending_of_address"
                : null;
            if (full is null)
            {
                _connections++;
                _pending++;
                _pendingByAddress[address] = ofAddress + 1;
            }

            return full;
        }
    }

    /// <summary>The peer is no longer unknown.</summary>
    public void SignedIn(IPAddress address)
    {
        lock (_gate)
        {
            NoLongerPending(address);
        }
    }

    /// <summary>The connection ended.</summary>
    public void Left(IPAddress address, bool signedIn)
    {
        lock (_gate)
        {
            _connections--;
            if (!signedIn)
            {
                NoLongerPending(address);
            }
        }
    }

    private void NoLongerPending(IPAddress address)
    {
        _pending--;
        if (--_pendingByAddress[address] == 0)
        {
            _pendingByAddress.Remove(address);
        }
    }
}

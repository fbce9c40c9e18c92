using System.Net;

namespace Edge.Cluster.Transport;

/// <summary>Counts connections that have not shown a certificate of the site, in all and by source address. Bounded by the options; thread-safe.</summary>
internal sealed class Strangers(PeerListenerOptions options)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, int> _byAddress = [];
    private int _count;

    /// <summary>A connection came in. Null: too many; close it. Dispose the result when it is known, or gone; twice does nothing.</summary>
    public Stranger? Enter(IPAddress address)
    {
        lock (_gate)
        {
            var ofAddress = _byAddress.GetValueOrDefault(address);
            if (_count >= options.MaxStrangers || ofAddress >= options.MaxStrangersPerAddress)
                return null;
            _count++;
            _byAddress[address] = ofAddress + 1;
        }
        return new Stranger(this, address);
    }

    private void Leave(IPAddress address)
    {
        lock (_gate)
        {
            _count--;
            if (--_byAddress[address] == 0)
                _byAddress.Remove(address);
        }
    }

    /// <summary>One of them.</summary>
    internal sealed class Stranger(Strangers all, IPAddress address) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
                all.Leave(address);
        }
    }
}

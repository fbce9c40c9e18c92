using System.Net.Security;
using System.Net.Sockets;

namespace Edge.Cluster.Transport;

/// <summary>A dialled TLS stream whose socket can be closed from outside, and that leaves the list of open connections when it ends.</summary>
internal sealed class PeerStream(Socket socket) : SslStream(new NetworkStream(socket, ownsSocket: true), leaveInnerStreamOpen: false)
{
    private IDisposable? _kept;

    public Socket Socket => socket;

    /// <summary>Ends it now, whatever is in flight.</summary>
    public void Abort() => socket.Dispose();

    /// <summary>What to let go of at the end.</summary>
    public void Keep(IDisposable kept) => _kept = kept;

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        _kept?.Dispose();
        await base.DisposeAsync();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _kept?.Dispose();
        base.Dispose(disposing);
    }
}

using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Edge.Cluster.Trust;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Edge.Cluster.Transport;

/// <summary>
/// What happens on each accepted connection before a byte of gRPC or Raft is read: strangers are counted, TLS 1.3 asks for a certificate, the trust judges it (a foreign one ends the
/// handshake), the connection is kept under its node's name, and Raft's own is handed over. Thread-safe.
/// </summary>
internal sealed class PeerHandshake(PeerListenerOptions options, NodeIdentity identity, PeerTrust trust, PeerConnections connections, RejectedPeers rejected, RaftConnections raft, TimeProvider time)
{
    private readonly Strangers _strangers = new(options);

    /// <summary>Puts the steps in front of a port's HTTP.</summary>
    public void Guard(ListenOptions port)
    {
        port.Protocols = HttpProtocols.Http2;
        port.Use(next => connection => CountAsync(connection, next));
        port.UseHttps(new TlsHandshakeCallbackOptions { HandshakeTimeout = options.HandshakeTimeout, OnConnection = tls => ValueTask.FromResult(Tls(tls.Connection)) });
        port.Use(next => connection => BindAsync(connection, next));
    }

    private async Task CountAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var address = (connection.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None;
        using var stranger = _strangers.Enter(address);
        if (stranger is null)
        {
            rejected.Tell(connection.RemoteEndPoint, $"too many connections without a certificate are open (allowed: {options.MaxStrangersPerAddress} from one address, {options.MaxStrangers} in all)");
            connection.Abort();
            return;
        }
        connection.Features.Set(stranger);
        await next(connection);
    }

    private SslServerAuthenticationOptions Tls(BaseConnectionContext connection) => new()
    {
        ServerCertificateContext = identity.CertificateContext,
        EnabledSslProtocols = SslProtocols.Tls13,
        ApplicationProtocols = [SslApplicationProtocol.Http2, PeerProtocol.Raft],
        // Asked for, not required: a joiner has none yet.
        ClientCertificateRequired = true,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        CertificateChainPolicy = trust.Policy(),
        // A resumed session would skip the judgement below.
        AllowTlsResume = false,
        AllowRenegotiation = false,
        RemoteCertificateValidationCallback = (_, certificate, _, _) => Judge(connection, certificate as X509Certificate2),
    };

    private bool Judge(BaseConnectionContext connection, X509Certificate2? certificate)
    {
        var verdict = trust.Judge(certificate);
        connection.Features.Set(new PeerFeature(verdict));
        if (verdict is PeerVerdict.Trusted or PeerVerdict.NoCertificate)
            return true;
        rejected.Tell(connection.RemoteEndPoint, verdict.Reason);
        return false;
    }

    private Task BindAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var isRaft = connection.Features.Get<ITlsApplicationProtocolFeature>()?.ApplicationProtocol.Span.SequenceEqual(PeerProtocol.Raft.Protocol.Span) == true;
        return connection.Features.Get<PeerFeature>()?.Verdict switch
        {
            PeerVerdict.Trusted peer => AsPeerAsync(connection, peer, isRaft ? HandOverAsync : next),
            _ when isRaft => RefuseAsync(connection, "it asked for Raft without a certificate"),
            _ => AsStrangerAsync(connection, next),
        };
    }

    private async Task AsPeerAsync(ConnectionContext connection, PeerVerdict.Trusted peer, ConnectionDelegate next)
    {
        connection.Features.Get<Strangers.Stranger>()?.Dispose();
        using var kept = connections.Register(peer.Name, connection.Abort);
        // Judged again now that a cut would find it: the book may have removed the node since the handshake.
        var verdict = trust.Judge(peer.Name, peer.KeyFingerprint);
        if (kept is null)
            await RefuseAsync(connection, $"node '{peer.Name}' has {PeerConnections.MaxPerPeer} connections already");
        else if (verdict is not PeerVerdict.Trusted)
            await RefuseAsync(connection, verdict.Reason);
        else
            await next(connection);
    }

    private async Task AsStrangerAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        await using var end = time.CreateTimer(_ => connection.Abort(), null, options.StrangerLifetime, Timeout.InfiniteTimeSpan);
        await next(connection);
    }

    private Task HandOverAsync(ConnectionContext connection)
    {
        var peer = PeerCaller.PeerName(connection);
        return trust.Roster.IsVoter(peer) ? raft.ServeAsync(connection) : RefuseAsync(connection, $"node '{peer}' asked for Raft and is no voter");
    }

    private Task RefuseAsync(ConnectionContext connection, string reason)
    {
        rejected.Tell(connection.RemoteEndPoint, reason);
        connection.Abort();
        return Task.CompletedTask;
    }
}

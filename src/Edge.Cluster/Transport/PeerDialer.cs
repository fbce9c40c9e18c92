using System.Net;
using System.Net.Security;
using Edge.Cluster.Trust;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Edge.Cluster.Transport;

/// <summary>
/// Reaches nodes by name, wherever they are today: TLS 1.3 with this node's certificate, to a peer whose certificate is of this site and carries the name that was dialled. Connections are
/// kept with the listener's, so a removed node's are cut in both directions. The Raft library dials through it as an <see cref="IConnectionFactory"/>. Thread-safe.
/// </summary>
public sealed class PeerDialer(PeerDialerOptions options, NodeIdentity identity, PeerTrust trust, PeerDirectory directory, PeerConnections connections, ILogger<PeerDialer> logger, TimeProvider time) : IConnectionFactory
{
    private readonly RejectedPeers _rejected = new(logger);

    /// <summary>Where nodes may be found.</summary>
    public PeerDirectory Directory => directory;

    /// <summary>Dials a node. Its addresses are tried one beside the other, each a little later; the first that is that node wins.</summary>
    public async Task<DialOutcome> DialAsync(string node, SslApplicationProtocol protocol, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var waiting = new Queue<NodeAddress>(directory.Of(node));
        var running = new List<Task<Attempt>>();
        var failed = new List<FailedAddress>();
        try
        {
            while (waiting.Count + running.Count > 0)
            {
                if (waiting.TryDequeue(out var address))
                    running.Add(TryAsync(node, address, protocol, stop.Token));
                if (await FirstAsync(running, waiting.Count > 0, stop.Token) is not { } done)
                    continue;
                running.Remove(done);
                var attempt = await done;
                if (attempt.Stream is not null)
                    return new DialOutcome.Connected(attempt.Stream, attempt.Address);
                failed.Add(new(attempt.Address, attempt.Fault));
            }
            return new DialOutcome.Failed(node, failed);
        }
        finally
        {
            await stop.CancelAsync();
            foreach (var late in running)
                _ = DropAsync(late);
        }
    }

    /// <summary>Dials a voter for the log. The endpoint is a <see cref="DnsEndPoint"/> with the node's name; its port is not used.</summary>
    /// <exception cref="IOException">It could not be reached; the message lists each address with its reason.</exception>
    public async ValueTask<ConnectionContext> ConnectAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var node = (endpoint as DnsEndPoint)?.Host ?? throw new ArgumentException($"Voters are dialled by name; {endpoint} is none.", nameof(endpoint));
        return await DialAsync(node, PeerProtocol.Raft, cancellationToken) switch
        {
            DialOutcome.Connected { Stream: PeerStream stream } => new DialledConnection(stream, new PeerFeature(new PeerVerdict.Trusted(node, [])), $"raft-{node}-{Guid.NewGuid():n}"),
            DialOutcome.Failed failed => throw new IOException(failed.Message),
            var other => throw new InvalidOperationException($"Unexpected outcome {other.GetType().Name}."),
        };
    }

    private async Task<Attempt> TryAsync(string node, NodeAddress address, SslApplicationProtocol protocol, CancellationToken cancellation)
    {
        PeerVerdict verdict = new PeerVerdict.NoCertificate();
        var tls = new SslClientAuthenticationOptions
        {
            TargetHost = node,
            ApplicationProtocols = [protocol],
            ClientCertificateContext = identity.CertificateContext,
            CertificateChainPolicy = trust.Policy(),
        };
        var (stream, fault) = await TlsDial.ConnectAsync(address, tls, certificate => (verdict = trust.Judge(certificate, node)) is PeerVerdict.Trusted ? null : verdict.Reason, options.ConnectTimeout, time, cancellation);
        if (stream is null)
        {
            if (verdict is not PeerVerdict.NoCertificate and not PeerVerdict.Trusted)
                _rejected.Tell(new DnsEndPoint(address.Host, address.Port), verdict.Reason);
            return new(null, address, fault);
        }
        return await KeepAsync(node, (PeerVerdict.Trusted)verdict, stream, address);
    }

    private async Task<Attempt> KeepAsync(string node, PeerVerdict.Trusted peer, PeerStream stream, NodeAddress address)
    {
        var kept = connections.Register(node, stream.Abort);
        if (kept is not null)
            stream.Keep(kept);
        // Judged again now that a cut would find it: the book may have removed the node since the handshake.
        var fault = kept is null ? $"{PeerConnections.MaxPerPeer} connections with it are open already" : trust.Judge(node, peer.KeyFingerprint).Reason;
        if (fault.Length == 0)
        {
            directory.Saw(node, address);
            return new(stream, address, "");
        }
        await stream.DisposeAsync();
        return new(null, address, fault);
    }

    // The first attempt that ended; null when it is time to try the next address beside them.
    private async Task<Task<Attempt>?> FirstAsync(List<Task<Attempt>> running, bool more, CancellationToken cancellation)
    {
        if (!more)
            return await Task.WhenAny(running);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var next = Task.Delay(options.NextAddressAfter, time, patience.Token);
        var first = await Task.WhenAny([next, .. running]);
        await patience.CancelAsync();
        cancellation.ThrowIfCancellationRequested();
        return first == next ? null : (Task<Attempt>)first;
    }

    private static async Task DropAsync(Task<Attempt> late)
    {
        await ((Task)late).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (late.IsCompletedSuccessfully && (await late).Stream is { } stream)
            await stream.DisposeAsync();
    }

    private readonly record struct Attempt(PeerStream? Stream, NodeAddress Address, string Fault);
}

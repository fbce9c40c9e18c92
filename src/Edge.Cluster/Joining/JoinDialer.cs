using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Edge.Cluster.Transport;
using Edge.Cluster.Trust;
using Edge.Messages.Site;
using Grpc.Core;
using Grpc.Net.Client;

namespace Edge.Cluster.Joining;

/// <summary>
/// Reaches a node of a token's site before this node has a certificate. The token knows the CA by its fingerprint alone and TLS does not send a root, so the first connection asks for the CA's
/// certificate and is believed in nothing else; the second must chain to exactly that CA, and only it carries the secret.
/// </summary>
internal static class JoinDialer
{
    /// <summary>Asks an address which site it is of.</summary>
    public static async Task<GreetedSite> GreetAsync(NodeAddress address, JoinToken token, TimeSpan answersIn, TimeProvider time, CancellationToken cancellation)
    {
        // No certificate can be judged yet: whatever is answered here is checked against the token, and nothing is told.
        using var first = Open(address, certificate => certificate is null ? "it showed no certificate" : null, answersIn, time);
        GreetReply reply;
        try
        {
            reply = await new Messages.Site.Joining.JoiningClient(first).GreetAsync(new() { Protocol = PeerProtocol.Version }, cancellationToken: cancellation);
        }
        catch (RpcException failure) when (Fault(failure) is { } fault)
        {
            return new(null, fault, null);
        }
        if (!Fingerprints.OfCertificate(reply.CaCertificate.Span).AsSpan().SequenceEqual(token.AuthorityFingerprint.Span))
            return new(null, $"it is of site '{Shown(reply.SiteName)}', the token of site '{token.SiteName}'", null);
        if (reply.Protocol != PeerProtocol.Version)
            return new(null, "", $"Node {address} of site '{token.SiteName}' speaks version {reply.Protocol}, this node {PeerProtocol.Version}. Run the same version of edge on both.");
        X509Certificate2 authority;
        try
        {
            authority = X509CertificateLoader.LoadCertificate(reply.CaCertificate.Span);
        }
        catch (CryptographicException)
        {
            return new(null, "its CA certificate cannot be read", null);
        }
        return new(Open(address, certificate => certificate is not null && PeerTrust.ChainsTo(authority, certificate) ? null : $"its certificate is not of site '{token.SiteName}'", answersIn, time), "", null, authority);
    }

    private static GrpcChannel Open(NodeAddress address, Func<X509Certificate2?, string?> judge, TimeSpan answersIn, TimeProvider time) => GrpcChannel.ForAddress("https://site", new GrpcChannelOptions
    {
        HttpHandler = PeerChannels.Handler(async cancellation =>
        {
            var tls = new SslClientAuthenticationOptions { TargetHost = "site", ApplicationProtocols = [SslApplicationProtocol.Http2] };
            var (stream, fault) = await TlsDial.ConnectAsync(address, tls, judge, answersIn, time, cancellation);
            return stream ?? throw new DialException(fault);
        }),
        DisposeHttpClient = true,
    });

    private static string? Fault(RpcException failure)
    {
        for (var cause = failure.Status.DebugException; cause is not null; cause = cause.InnerException)
        {
            if (cause is DialException dial)
                return dial.Message;
        }
        return failure.StatusCode switch
        {
            StatusCode.Unavailable => "it is no edge node, or closed the connection",
            StatusCode.Unimplemented or StatusCode.PermissionDenied or StatusCode.Internal or StatusCode.Unknown => "it is no edge node",
            _ => null,
        };
    }

    private static string Shown(string text) => new([.. text.Take(63).Select(letter => char.IsControl(letter) ? '?' : letter)]);

    // Carries the reason through the HTTP client, which speaks in exceptions.
    private sealed class DialException(string message) : IOException(message);
}

/// <summary>What an address answered: a channel that is believed, or why there is none.</summary>
/// <param name="Channel">To the site; null if it is not.</param>
/// <param name="Fault">Why this address is of no use.</param>
/// <param name="Refusal">Set if the site will not have this node: no other address helps.</param>
/// <param name="Authority">The site's CA, which the channel's connections are judged by.</param>
internal sealed record GreetedSite(GrpcChannel? Channel, string Fault, string? Refusal, X509Certificate2? Authority = null) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        Channel?.Dispose();
        Authority?.Dispose();
    }
}

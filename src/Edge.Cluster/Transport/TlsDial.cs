using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Edge.Cluster.Transport;

/// <summary>One attempt at one address: TCP, then TLS 1.3, within a time. What the certificate must be is the caller's to say.</summary>
internal static class TlsDial
{
    /// <summary>Connects. The result is a stream, or why there is none, in words.</summary>
    /// <param name="address">Where.</param>
    /// <param name="tls">What to offer, without the judgement.</param>
    /// <param name="judge">Null if the peer's certificate will do, else why not.</param>
    /// <param name="timeout">For both steps together.</param>
    /// <param name="time">Time.</param>
    /// <param name="cancellation">Ends the attempt with an <see cref="OperationCanceledException"/>.</param>
    public static async Task<(PeerStream? Stream, string Fault)> ConnectAsync(
        NodeAddress address, SslClientAuthenticationOptions tls, Func<X509Certificate2?, string?> judge, TimeSpan timeout, TimeProvider time, CancellationToken cancellation)
    {
        string? refused = null;
        tls.EnabledSslProtocols = SslProtocols.Tls13;
        tls.AllowTlsResume = false;
        tls.AllowRenegotiation = false;
        tls.CertificateRevocationCheckMode = X509RevocationMode.NoCheck;
        tls.RemoteCertificateValidationCallback = (_, certificate, _, _) => (refused = judge(certificate as X509Certificate2)) is null;
        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        PeerStream? stream = null;
        try
        {
            await socket.ConnectAsync(address.Host, address.Port, either.Token);
            stream = new PeerStream(socket);
            await stream.AuthenticateAsClientAsync(tls, either.Token);
            return (stream, "");
        }
        catch (Exception failure) when (failure is SocketException or IOException or AuthenticationException or OperationCanceledException)
        {
            if (stream is not null)
                await stream.DisposeAsync();
            socket.Dispose();
            cancellation.ThrowIfCancellationRequested();
            return (null, refused ?? Words(failure));
        }
    }

    private static string Words(Exception failure) => failure switch
    {
        OperationCanceledException => "timed out",
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => "connection refused",
        SocketException { SocketErrorCode: SocketError.TimedOut } => "timed out",
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } => "name not found",
        SocketException { SocketErrorCode: SocketError.HostUnreachable or SocketError.NetworkUnreachable } => "no route",
        AuthenticationException => "it does not speak TLS as nodes do, or turned this node's certificate away",
        _ => "it closed the connection",
    };
}

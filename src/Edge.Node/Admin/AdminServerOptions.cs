using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Edge.Node.Admin;

/// <summary>How the admin server listens.</summary>
internal sealed record AdminServerOptions
{
    /// <summary>Where. HTTP on a loopback address, HTTPS on any other. Port 0: the system picks one.</summary>
    public required IPEndPoint EndPoint { get; init; }

    /// <summary>HTTPS on a loopback address too. Default false.</summary>
    public bool HttpsOnLoopback { get; init; }

    /// <summary>Log lines as JSON objects instead of text.</summary>
    public bool JsonLog { get; init; }

    /// <summary>The node's certificate for HTTPS, asked for at each handshake, so that a new one is used at once; null: the server may listen on loopback only.</summary>
    public Func<X509Certificate2>? Certificate { get; init; }

    /// <summary>The site CA's certificate, given to who asks for it, since people know the CA by its fingerprint only; null with plain HTTP.</summary>
    public Func<X509Certificate2>? Authority { get; init; }

    /// <summary>Failed attempts to sign in from one address in a minute; past them 429. Default 10.</summary>
    public int FailedAttemptsPerMinute { get; init; } = 10;

    /// <summary>How often a watch sends a line when nothing happens, so that both ends notice a dead connection. Default 15 s.</summary>
    public TimeSpan WatchHeartbeat { get; init; } = TimeSpan.FromSeconds(15);
}

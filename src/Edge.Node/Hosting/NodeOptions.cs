using System.Net;

namespace Edge.Node.Hosting;

/// <summary>What the operator said on the command line of <c>edge up</c>.</summary>
internal sealed record NodeOptions
{
    /// <summary>Folder or file of the manifests; null: none, the node runs only the broker.</summary>
    public string? Manifests { get; init; }

    /// <summary>The data folder; made when it is missing.</summary>
    public required string Data { get; init; }

    /// <summary>Where the MQTT broker listens. Default 127.0.0.1:1883. Port 0: the system picks one.</summary>
    public required IPEndPoint Mqtt { get; init; }

    /// <summary>Where the admin HTTP server listens. Default 127.0.0.1:8080; loopback only, since it asks for no credentials.</summary>
    public required IPEndPoint Http { get; init; }

    /// <summary>Log lines as JSON objects instead of text.</summary>
    public bool JsonLog { get; init; }

    /// <summary>Most time that a stop may spend on processing what was taken. Default 10 s; what is left of QoS 1 and 2 comes after the next start.</summary>
    public TimeSpan DrainLimit { get; init; } = TimeSpan.FromSeconds(10);
}

using Edge.Cluster.Trust;
using Grpc.Core;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;

namespace Edge.Cluster.Transport;

/// <summary>Who is at the other end of a connection, as its certificate proved at the handshake.</summary>
public static class PeerCaller
{
    /// <summary>Name of the calling node; null if it showed no certificate, which is possible in the service Joining only.</summary>
    public static string? PeerName(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        return (http.Features.Get<PeerFeature>()?.Verdict as PeerVerdict.Trusted)?.Name;
    }

    /// <summary>Name of the calling node of a gRPC call.</summary>
    public static string? PeerName(ServerCallContext call) => PeerName(call.GetHttpContext());

    /// <summary>Name of the calling node of a gRPC call that only nodes of the site can make.</summary>
    public static string RequirePeer(ServerCallContext call) => PeerName(call) ?? throw new RpcException(new(StatusCode.PermissionDenied, "Only nodes of the site may ask this."));

    /// <summary>Name of the node at the other end of a Raft connection, accepted or dialled.</summary>
    public static string PeerName(ConnectionContext connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        return (connection.Features.Get<PeerFeature>()?.Verdict as PeerVerdict.Trusted)?.Name
            ?? throw new ArgumentException($"Connection {connection.ConnectionId} was neither accepted nor dialled here.", nameof(connection));
    }
}

/// <summary>What the handshake found; kept with the connection.</summary>
internal sealed record PeerFeature(PeerVerdict Verdict);

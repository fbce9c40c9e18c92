using Grpc.Core;

namespace Edge.Cluster.Transport;

/// <summary>What the ways in which a call can end say about the peer.</summary>
internal static class CallFaults
{
    /// <summary>Whether the call ended because the peer or the connection did, or because it was ended here; anything else is a defect.</summary>
    public static bool IsGone(Exception fault) => fault is RpcException or OperationCanceledException or ObjectDisposedException or InvalidOperationException or IOException;

    /// <summary>In words that name the node.</summary>
    public static PeerUnavailableException Gone(string node, Exception fault) =>
        new($"Node '{node}' does not answer: {(fault is RpcException { Status: var status } ? $"{status.StatusCode}: {status.Detail}" : fault.Message)}", fault);
}

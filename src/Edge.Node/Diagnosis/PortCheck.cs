using System.Net;
using System.Net.Sockets;

namespace Edge.Node.Diagnosis;

/// <summary>Nobody else listens where the node wants to.</summary>
/// <param name="what">What listens there.</param>
/// <param name="endPoint">Where.</param>
/// <param name="option">The option that changes it.</param>
/// <param name="nodeIsRunning">A node holds the data folder: then it is probably this node's own port.</param>
internal sealed class PortCheck(string what, IPEndPoint endPoint, string option, bool nodeIsRunning) : ICheck
{
    /// <inheritdoc />
    public IEnumerable<Finding> Look()
    {
        var check = $"port {what}";
        Finding finding;
        try
        {
            using var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(endPoint);
            finding = Finding.Ok(check, $"{endPoint} is free");
        }
        catch (SocketException failure)
        {
            finding = nodeIsRunning && failure.SocketErrorCode == SocketError.AddressAlreadyInUse
                ? Finding.Ok(check, $"{endPoint} is in use, and a node is running")
                : Finding.Failed(check, $"{endPoint} cannot be used: {failure.Message}.", $"See who has it: ss -ltnp 'sport = :{endPoint.Port}'. Stop that, or name another place with {option}.");
        }
        yield return finding;
    }
}

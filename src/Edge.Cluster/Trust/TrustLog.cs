using Microsoft.Extensions.Logging;

namespace Edge.Cluster.Trust;

/// <summary>What trust tells people. Event ids 8500–8519.</summary>
internal static partial class TrustLog
{
    [LoggerMessage(8500, LogLevel.Warning, "A peer at {Address} was turned away: {Reason}. This is told once for each address and reason")]
    public static partial void PeerRejected(this ILogger logger, string address, string reason);
}

using Microsoft.Extensions.Logging;

namespace Edge.Cluster.Joining;

/// <summary>What joining tells people. Event ids 8540–8559.</summary>
internal static partial class JoinLog
{
    [LoggerMessage(8540, LogLevel.Information, "Node {Node} joined with token {Token}")]
    public static partial void NodeJoined(this ILogger logger, string node, string token);

    [LoggerMessage(8541, LogLevel.Warning, "Node {Node} was not let in with token {Token}: {Reason}")]
    public static partial void NodeRefused(this ILogger logger, string node, string token, string reason);
}

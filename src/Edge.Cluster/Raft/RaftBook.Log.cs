using Microsoft.Extensions.Logging;

namespace Edge.Cluster.Raft;

public sealed partial class RaftBook
{
    [LoggerMessage(8161, LogLevel.Information, "{Node} leads the book in term {Term}.")]
    private static partial void Leads(ILogger logger, string node, long term);

    [LoggerMessage(8162, LogLevel.Information, "{Node} no longer leads the book.")]
    private static partial void LeadsNoMore(ILogger logger, string node);

    [LoggerMessage(8163, LogLevel.Error, "The log of {Node} in {Folder} stopped: {Reason} Check the disk (space, errors), then restart the node; what was acknowledged is safe with the other voters.")]
    private static partial void LogStopped(ILogger logger, string node, string folder, string reason);
}

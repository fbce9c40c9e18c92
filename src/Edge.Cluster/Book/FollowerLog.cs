using Microsoft.Extensions.Logging;

namespace Edge.Cluster.Book;

/// <summary>What a follower of the book tells people. Event ids 8100–8119.</summary>
internal static partial class FollowerLog
{
    [LoggerMessage(8100, LogLevel.Error, "{Damage}")]
    public static partial void CopyDamaged(this ILogger logger, string damage);

    [LoggerMessage(8101, LogLevel.Warning, "The copy of the book at index {Index} was not kept; the one at {Kept} stays: {Reason}. Tried again every second")]
    public static partial void CopyNotKept(this ILogger logger, ulong index, ulong kept, string reason);

    [LoggerMessage(8102, LogLevel.Warning, "The book is not received any more and stays at index {Index}: {Node}: {Reason}. Tried again, with the other nodes that hold it too")]
    public static partial void BookLost(this ILogger logger, ulong index, string node, string reason);

    [LoggerMessage(8103, LogLevel.Information, "The book is received again from {Node}, at index {Index}, after {Tries} tries")]
    public static partial void BookFoundAgain(this ILogger logger, string node, ulong index, int tries);

    [LoggerMessage(8104, LogLevel.Debug, "The whole book is asked for: {Node}: {Reason}")]
    public static partial void BookGap(this ILogger logger, string node, string reason);

    [LoggerMessage(8105, LogLevel.Error, "Node {Node} is not followed: {Reason}")]
    public static partial void BookRefused(this ILogger logger, string node, string reason);

    [LoggerMessage(8106, LogLevel.Critical, "{Reason}")]
    public static partial void BookTooNew(this ILogger logger, string reason);
}

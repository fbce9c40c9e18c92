namespace Edge.Node.Discovery;

/// <summary>What discovery tells people. Event ids 8560–8569.</summary>
internal static partial class LanLog
{
    [LoggerMessage(8560, LogLevel.Information, "Another site, '{Site}', announces itself on this LAN; it is ignored. This is told once for each site")]
    public static partial void OtherSiteHeard(this ILogger logger, string site);

    [LoggerMessage(8561, LogLevel.Warning, "Nodes cannot be heard on the LAN ({Group}): {Reason}. They are still found by --site and by the book")]
    public static partial void CannotHear(this ILogger logger, System.Net.IPEndPoint group, string reason);

    [LoggerMessage(8562, LogLevel.Warning, "This node cannot announce itself on the LAN ({Group}): {Reason}. It goes on trying; other nodes find it by the book")]
    public static partial void CannotAnnounce(this ILogger logger, System.Net.IPEndPoint group, string reason);
}

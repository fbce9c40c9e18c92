namespace Edge.Node.Admin.Routes;

/// <summary>Times as the book has them: UTC microseconds since 1970.</summary>
internal static class BookTime
{
    /// <summary>Now.</summary>
    public static long Now(TimeProvider time) => (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
}

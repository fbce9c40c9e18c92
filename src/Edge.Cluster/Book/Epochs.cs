using Edge.Messages.Book;

namespace Edge.Cluster.Book;

/// <summary>The order of fencing tokens: first the site's incarnation, then the book index. A null epoch is older than all.</summary>
public static class Epochs
{
    /// <summary>Below 0: <paramref name="left"/> is older; 0: the same; above 0: newer.</summary>
    public static int Compare(Epoch? left, Epoch? right) =>
        (left?.Incarnation ?? 0, left?.Index ?? 0).CompareTo((right?.Incarnation ?? 0, right?.Index ?? 0));

    /// <summary><c>incarnation.index</c>, as people see it.</summary>
    public static string Text(Epoch? epoch) => epoch is null ? "-" : $"{epoch.Incarnation}.{epoch.Index}";
}

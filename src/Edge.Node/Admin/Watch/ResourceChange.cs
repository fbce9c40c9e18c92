using Edge.Cluster.Book;
using Edge.Messages.Book;

namespace Edge.Node.Admin.Watch;

/// <summary>Where a watch is: the site's incarnation and a book index, written <c>1.42</c>. A watch goes on after it.</summary>
internal readonly record struct WatchPoint(uint Incarnation, ulong Index)
{
    /// <summary>Where a book is.</summary>
    public static WatchPoint Of(BookState state) => new(state.Site?.Incarnation ?? 0, state.Index);

    /// <summary>Reads one; null if it is something else.</summary>
    public static WatchPoint? Parse(string text) =>
        text.Split('.') is [var left, var right] && uint.TryParse(left, out var incarnation) && ulong.TryParse(right, out var index) ? new(incarnation, index) : null;

    /// <inheritdoc/>
    public override string ToString() => $"{Incarnation}.{Index}";
}

/// <summary>A change of a resource.</summary>
/// <param name="Id">What changed.</param>
/// <param name="Resource">What it is now; null: deleted.</param>
internal sealed record ResourceChange(ResourceId Id, Resource? Resource);

/// <summary>What one command changed.</summary>
/// <param name="At">The command.</param>
/// <param name="Changes">At least one.</param>
internal sealed record ResourceChanges(WatchPoint At, IReadOnlyList<ResourceChange> Changes);

using System.Globalization;

namespace Edge.Actors.Channels;

/// <summary>
/// How far a channel is: a vector of cursors, one for each intake log (by its node's name), each the sequence up to which everything is in the state. A log that is not named
/// stands at 0. Immutable; compared by value.
/// </summary>
public sealed class Position : IEquatable<Position>
{
    private readonly KeyValuePair<string, long>[] _cursors;

    private Position(KeyValuePair<string, long>[] cursors) => _cursors = cursors;

    /// <summary>Nothing was seen.</summary>
    public static Position Start { get; } = new([]);

    /// <summary>The cursors above 0, by name of the log.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> Cursors => _cursors;

    /// <summary>The cursor in a log; 0 when nothing of it was seen.</summary>
    public long this[string log]
    {
        get
        {
            foreach (var (name, sequence) in _cursors)
            {
                if (name == log) return sequence;
            }

            return 0;
        }
    }

    /// <summary>A position of these cursors.</summary>
    public static Position Of(IEnumerable<KeyValuePair<string, long>> cursors)
    {
        KeyValuePair<string, long>[] sorted = [.. cursors.Where(c => c.Value > 0)];
        if (sorted.Length > 1) Array.Sort(sorted, static (a, b) => string.CompareOrdinal(a.Key, b.Key));
        return sorted.Length == 0 ? Start : new(sorted);
    }

    /// <summary>A position in one log.</summary>
    public static Position Of(string log, long sequence) => Of([new(log, sequence)]);

    /// <inheritdoc/>
    public bool Equals(Position? other) => other is not null && (ReferenceEquals(this, other) || _cursors.AsSpan().SequenceEqual(other._cursors));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Position);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var cursor in _cursors) hash.Add(cursor);
        return hash.ToHashCode();
    }

    /// <summary><c>pi-1:4711 pi-2:12</c>; <c>start</c> when nothing was seen.</summary>
    public override string ToString() => _cursors.Length == 0 ? "start" : string.Join(' ', _cursors.Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Key}:{c.Value}")));
}

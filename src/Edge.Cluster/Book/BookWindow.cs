using Edge.Messages.Book;
using Edge.Messages.Site;

namespace Edge.Cluster.Book;

/// <summary>The last entries of the book, as frames, bounded by number and bytes. Not thread-safe.</summary>
internal sealed class BookWindow(int entriesMax, long bytesMax)
{
    private readonly Queue<int> _sizes = new();
    private readonly BookFrame[] _ring = new BookFrame[entriesMax];
    private int _head;
    private long _bytes;

    /// <summary>Entries kept.</summary>
    public int Count => _sizes.Count;

    /// <summary>Adds the next entry; the oldest go at the bounds.</summary>
    public void Add(ulong previous, ulong index, uint incarnation, BookCommand command)
    {
        var frame = new BookFrame { Entry = new BookFrame.Types.Entry { Index = index, Command = command, Previous = previous, Incarnation = incarnation } };
        var size = frame.CalculateSize();
        while (Count > 0 && (Count == entriesMax || _bytes + size > bytesMax))
            Drop();
        _ring[(_head + Count) % entriesMax] = frame;
        _sizes.Enqueue(size);
        _bytes += size;
    }

    /// <summary>Lets go of all.</summary>
    public void Clear()
    {
        while (Count > 0)
            Drop();
    }

    /// <summary>Up to <paramref name="max"/> entries from the one that follows an index; null when that one is not here.</summary>
    public IReadOnlyList<BookFrame>? After(ulong index, int max)
    {
        var (low, high) = (0, Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (At(middle).Entry.Previous < index)
                low = middle + 1;
            else
                high = middle;
        }
        return low < Count && At(low).Entry.Previous == index ? [.. Enumerable.Range(low, Math.Min(max, Count - low)).Select(At)] : null;
    }

    private BookFrame At(int position) => _ring[(_head + position) % entriesMax];

    private void Drop()
    {
        _bytes -= _sizes.Dequeue();
        _ring[_head] = null!;
        _head = (_head + 1) % entriesMax;
    }
}

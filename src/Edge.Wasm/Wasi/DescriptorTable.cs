namespace Edge.Wasm.Wasi;

/// <summary>The file descriptors of one instance: the lowest free number is given first, at most <see cref="Most"/> are open.</summary>
internal sealed class DescriptorTable : IDisposable
{
    /// <summary>Open descriptors of one instance, stdio and preopens included. Past it <see cref="Errno.Mfile"/>.</summary>
    public const int Most = 64;

    private readonly List<Descriptor?> _open = [];

    /// <summary>The descriptor, or null.</summary>
    public Descriptor? this[int number] => (uint)number < (uint)_open.Count ? _open[number] : null;

    /// <summary>Takes ownership and gives the lowest free number; at the limit disposes it and answers false.</summary>
    public bool TryAdd(Descriptor descriptor, out int number)
    {
        number = _open.IndexOf(null);
        if (number < 0 && _open.Count < Most)
        {
            number = _open.Count;
            _open.Add(null);
        }
        if (number < 0)
        {
            descriptor.Dispose();
            return false;
        }
        _open[number] = descriptor;
        return true;
    }

    /// <summary>False when nothing is open there.</summary>
    public bool Close(int number)
    {
        if (this[number] is not { } descriptor) return false;
        descriptor.Dispose();
        _open[number] = null;
        return true;
    }

    /// <summary>Makes <paramref name="from"/> the descriptor <paramref name="to"/>, closing what was there; both must be open.</summary>
    public bool Renumber(int from, int to)
    {
        if (this[from] is not { } descriptor || this[to] is null) return false;
        if (from == to) return true;
        Close(to);
        _open[to] = descriptor;
        _open[from] = null;
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        for (var number = 0; number < _open.Count; number++) Close(number);
    }
}

namespace Edge.Wasm.Wasi;

/// <summary>What a guest's file descriptor stands for. A kind answers <see cref="Errno.Badf"/> or <see cref="Errno.Notsup"/> to what it cannot do.</summary>
internal abstract class Descriptor : IDisposable
{
    /// <summary>Most bytes that one read or write moves: a guest must not keep its thread in one system call (short counts are allowed).</summary>
    public const int TransferMax = 1 << 20;

    /// <summary>What <c>fd_fdstat_get</c> reports.</summary>
    public abstract FileType Type { get; }

    /// <summary>What <c>fd_fdstat_get</c> reports.</summary>
    public abstract Rights Rights { get; }

    /// <summary>Append, sync and the like.</summary>
    public virtual DescriptorFlags Flags => DescriptorFlags.None;

    /// <summary>Reads at <paramref name="offset"/>, or at the position and advances it; 0 bytes is the end.</summary>
    public virtual Errno Read(Span<byte> buffer, long? offset, out int count)
    {
        count = 0;
        return Errno.Badf;
    }

    /// <summary>Writes at <paramref name="offset"/>, or at the position and advances it; possibly fewer bytes than given.</summary>
    public virtual Errno Write(ReadOnlySpan<byte> data, long? offset, out int count)
    {
        count = 0;
        return Errno.Badf;
    }

    /// <inheritdoc/>
    public void Dispose() => Release();

    /// <summary>Gives back what the descriptor holds.</summary>
    protected virtual void Release()
    {
    }
}

using Edge.Wasm.Instances;

namespace Edge.Wasm.Wasi;

/// <summary>fd 0: the job's input of a command, empty for all others.</summary>
internal sealed class InputDescriptor(GuestContext guest) : Descriptor
{
    public override FileType Type => FileType.Unknown;

    public override Rights Rights => Rights.Stream & ~Rights.Write;

    public override Errno Read(Span<byte> buffer, long? offset, out int count)
    {
        count = 0;
        if (offset is not null) return Errno.Spipe;
        if (guest.Options.Input is not { } input) return Errno.Success;
        var bytes = new byte[Math.Min(buffer.Length, TransferMax)];
        var outcome = BoundedStream.Run(guest, "fd_read", () => input.Read(bytes), out count);
        bytes.AsSpan(0, count).CopyTo(buffer);
        return outcome;
    }
}

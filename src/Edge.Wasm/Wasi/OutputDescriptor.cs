using Edge.Wasm.Instances;

namespace Edge.Wasm.Wasi;

/// <summary>fd 1 of a command: the job's output, up to the output limit; past it <see cref="Errno.Nospc"/>.</summary>
internal sealed class OutputDescriptor(GuestContext guest, Stream output) : Descriptor
{
    public override FileType Type => FileType.Unknown;

    public override Rights Rights => Rights.Stream & ~Rights.Read;

    public override Errno Write(ReadOnlySpan<byte> data, long? offset, out int count)
    {
        count = 0;
        if (offset is not null) return Errno.Spipe;
        var room = (int)Math.Clamp(guest.RoomLeft, 0, TransferMax);
        if (room == 0 && data.Length > 0) return Errno.Nospc;
        var bytes = data[..Math.Min(data.Length, room)].ToArray();
        var outcome = BoundedStream.Run(guest, "fd_write", () =>
        {
            output.Write(bytes);
            return bytes.Length;
        }, out count);
        guest.StreamedBytes += count;
        return outcome;
    }
}

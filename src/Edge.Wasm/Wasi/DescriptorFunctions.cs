using System.Buffers.Binary;
using System.Text;
using Edge.Wasm.Instances;
using Edge.Wasm.Native;

namespace Edge.Wasm.Wasi;

/// <summary>What is asked of a descriptor itself: status, flags, preopened name, closing.</summary>
internal static class DescriptorFunctions
{
    private const int StatusSize = 24;

    public static Errno Close(GuestContext guest, ReadOnlySpan<ValueRaw> args) => guest.Wasi.Descriptors.Close(args[0].I32) ? Errno.Success : Errno.Badf;

    public static Errno Renumber(GuestContext guest, ReadOnlySpan<ValueRaw> args) =>
        guest.Wasi.Descriptors.Renumber(args[0].I32, args[1].I32) ? Errno.Success : Errno.Badf;

    public static Errno Status(GuestContext guest, ReadOnlySpan<ValueRaw> args)
    {
        if (guest.Wasi.Descriptors[args[0].I32] is not { } descriptor) return Errno.Badf;
        if (!guest.TrySlice(args[1].I32, StatusSize, out var target)) return Errno.Fault;
        target.Clear();
        target[0] = (byte)descriptor.Type;
        BinaryPrimitives.WriteUInt16LittleEndian(target[2..], (ushort)descriptor.Flags);
        BinaryPrimitives.WriteUInt64LittleEndian(target[8..], (ulong)descriptor.Rights);
        // Asking for less is the guest's way to narrow: whether a folder may be written to shows when it is tried.
        BinaryPrimitives.WriteUInt64LittleEndian(target[16..], (ulong)(descriptor.Type == FileType.Directory ? Rights.All : Rights.None));
        return Errno.Success;
    }

    /// <summary>The flags of an open file are fixed; setting what is set already succeeds, and non-blocking means nothing to what never blocks.</summary>
    public static Errno SetFlags(GuestContext guest, ReadOnlySpan<ValueRaw> args)
    {
        if (guest.Wasi.Descriptors[args[0].I32] is not { } descriptor) return Errno.Badf;
        var asked = (DescriptorFlags)args[1].I32;
        if ((asked & ~DescriptorFlags.All) != 0) return Errno.Inval;
        return ((asked ^ descriptor.Flags) & ~DescriptorFlags.NonBlocking) == 0 ? Errno.Success : Errno.Notsup;
    }

    public static Errno SetRights(GuestContext guest, ReadOnlySpan<ValueRaw> args) =>
        guest.Wasi.Descriptors[args[0].I32] is null ? Errno.Badf : Errno.Notsup;

    public static Errno Prestat(GuestContext guest, ReadOnlySpan<ValueRaw> args)
    {
        if (guest.Wasi.Descriptors[args[0].I32] is not OpenFolder { PreopenName: { } name }) return Errno.Badf;
        // Tag 0 is a folder, the only kind there is; then the name's length.
        return guest.Store64(args[1].I32, (ulong)Encoding.UTF8.GetByteCount(name) << 32);
    }

    public static Errno PrestatName(GuestContext guest, ReadOnlySpan<ValueRaw> args)
    {
        if (guest.Wasi.Descriptors[args[0].I32] is not OpenFolder { PreopenName: { } name }) return Errno.Badf;
        var bytes = Encoding.UTF8.GetBytes(name);
        if (!guest.TrySlice(args[1].I32, args[2].I32, out var target)) return Errno.Fault;
        if (target.Length < bytes.Length) return Errno.Nametoolong;
        bytes.CopyTo(target);
        return Errno.Success;
    }
}

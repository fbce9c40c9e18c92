using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Edge.Wasm.Instances;
using Edge.Wasm.Native;

namespace Edge.Wasm.Wasi;

/// <summary>Reading, writing and seeking. Vectors are moved piece by piece until one comes short, as <c>readv</c> may.</summary>
internal static class TransferFunctions
{
    private const int VectorsMax = 1_024;
    private const int VectorSize = 8;

    private delegate Errno Transfer(Descriptor descriptor, Span<byte> bytes, long? offset, out int count);

    public static Errno Read(GuestContext guest, ReadOnlySpan<ValueRaw> args) => Move(guest, args, null, args[3].I32, ReadInto);

    public static Errno ReadAt(GuestContext guest, ReadOnlySpan<ValueRaw> args) => Move(guest, args, args[3].I64, args[4].I32, ReadInto);

    public static Errno Write(GuestContext guest, ReadOnlySpan<ValueRaw> args) => Move(guest, args, null, args[3].I32, WriteFrom);

    public static Errno WriteAt(GuestContext guest, ReadOnlySpan<ValueRaw> args) => Move(guest, args, args[3].I64, args[4].I32, WriteFrom);

    public static Errno Seek(GuestContext guest, ReadOnlySpan<ValueRaw> args)
    {
        // WASI's whence is Linux's: 0 start, 1 here, 2 end.
        var whence = args[2].I32;
        return whence is < 0 or > 2 ? Errno.Inval : Seek(guest, args[0].I32, args[1].I64, whence, args[3].I32);
    }

    public static Errno Tell(GuestContext guest, ReadOnlySpan<ValueRaw> args) => Seek(guest, args[0].I32, 0, 1, args[1].I32);

    private static Errno Seek(GuestContext guest, int number, long offset, int whence, int result)
    {
        if (guest.Wasi.Descriptors[number] is not { } descriptor) return Errno.Badf;
        if (descriptor is not OpenFile file) return descriptor is OpenFolder ? Errno.Badf : Errno.Spipe;
        var position = LinuxFiles.Seek(file.Handle, offset, whence);
        return position < 0 ? LinuxErrno.ToWasi(Marshal.GetLastPInvokeError()) : guest.Store64(result, (ulong)position);
    }

    private static Errno ReadInto(Descriptor descriptor, Span<byte> bytes, long? offset, out int count) => descriptor.Read(bytes, offset, out count);

    private static Errno WriteFrom(Descriptor descriptor, Span<byte> bytes, long? offset, out int count) => descriptor.Write(bytes, offset, out count);

    private static Errno Move(GuestContext guest, ReadOnlySpan<ValueRaw> args, long? offset, int result, Transfer transfer)
    {
        if (guest.Wasi.Descriptors[args[0].I32] is not { } descriptor) return Errno.Badf;
        var vectors = args[2].I32;
        if ((uint)vectors > VectorsMax || offset < 0) return Errno.Inval;
        if (!guest.TrySlice(args[1].I32, vectors * VectorSize, out var table)) return Errno.Fault;

        uint moved = 0;
        for (var i = 0; i < vectors && moved < Descriptor.TransferMax; i++)
        {
            var vector = table[(i * VectorSize)..];
            var (pointer, length) = (BinaryPrimitives.ReadInt32LittleEndian(vector), BinaryPrimitives.ReadInt32LittleEndian(vector[4..]));
            if (!guest.TrySlice(pointer, length, out var bytes)) return Errno.Fault;
            var errno = transfer(descriptor, bytes, offset + moved, out var count);
            if (errno != Errno.Success && moved == 0) return errno;
            moved += (uint)count;
            if (errno != Errno.Success || count < bytes.Length) break;
        }
        return guest.Store32(result, moved);
    }
}

using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Edge.Wasm.Instances;
using Edge.Wasm.Native;

namespace Edge.Wasm.Wasi;

/// <summary>Arguments, the empty environment, <c>sched_yield</c> and <c>random_get</c>.</summary>
internal static class ProcessFunctions
{
    private const int RandomStep = 1 << 20;

    public static Errno ArgumentSizes(GuestContext guest, ReadOnlySpan<ValueRaw> args)
    {
        var arguments = guest.Wasi.Arguments;
        var bytes = arguments.Sum(argument => Encoding.UTF8.GetByteCount(argument) + 1);
        return guest.Store32(args[0].I32, (uint)arguments.Count) is var first and not Errno.Success ? first : guest.Store32(args[1].I32, (uint)bytes);
    }

    public static Errno Arguments(GuestContext guest, ReadOnlySpan<ValueRaw> args)
    {
        var (pointers, text) = (args[0].I32, args[1].I32);
        foreach (var argument in guest.Wasi.Arguments)
        {
            var bytes = Encoding.UTF8.GetBytes(argument);
            if (!guest.TrySlice(pointers, sizeof(int), out var pointer) || !guest.TrySlice(text, bytes.Length + 1, out var target)) return Errno.Fault;
            BinaryPrimitives.WriteInt32LittleEndian(pointer, text);
            bytes.CopyTo(target);
            target[^1] = 0;
            pointers += sizeof(int);
            text += bytes.Length + 1;
        }
        return Errno.Success;
    }

    public static Errno EnvironmentSizes(GuestContext guest, ReadOnlySpan<ValueRaw> args) =>
        guest.Store32(args[0].I32, 0) is var first and not Errno.Success ? first : guest.Store32(args[1].I32, 0);

    public static Errno Environment(GuestContext guest, ReadOnlySpan<ValueRaw> args) => Errno.Success;

    public static Errno Yield(GuestContext guest, ReadOnlySpan<ValueRaw> args)
    {
        Thread.Yield();
        return Errno.Success;
    }

    public static Errno Random(GuestContext guest, ReadOnlySpan<ValueRaw> args)
    {
        if (!guest.TrySlice(args[0].I32, args[1].I32, out var bytes)) return Errno.Fault;
        for (; bytes.Length > RandomStep; bytes = bytes[RandomStep..])
        {
            RandomNumberGenerator.Fill(bytes[..RandomStep]);
            // Gigabytes of random take seconds, and no guest code runs meanwhile that the deadline could stop.
            if (guest.Remaining == TimeSpan.Zero) guest.Expire("random_get");
            if (guest.Ending is not null) return Errno.Intr;
        }
        RandomNumberGenerator.Fill(bytes);
        return Errno.Success;
    }
}

using System.Buffers.Binary;

namespace Edge.Wasm.Wasi;

/// <summary>WASI's <c>subscription</c>, 48 bytes: what <c>poll_oneoff</c> waits for.</summary>
internal readonly record struct Subscription(ulong UserData, SubscriptionKind Kind, ClockId Clock, ulong Timeout, bool Absolute, int Descriptor)
{
    public const int Size = 48;

    public static Subscription Read(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt64LittleEndian(bytes),
        (SubscriptionKind)bytes[8],
        (ClockId)BinaryPrimitives.ReadInt32LittleEndian(bytes[16..]),
        BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]),
        (BinaryPrimitives.ReadUInt16LittleEndian(bytes[40..]) & 1) != 0,
        BinaryPrimitives.ReadInt32LittleEndian(bytes[16..]));

    /// <summary>Nanoseconds until it is due; 0 when it is.</summary>
    public ulong Due(GuestClock clock)
    {
        if (!Absolute) return Timeout;
        var now = (ulong)(Clock == ClockId.Realtime ? clock.Realtime() : clock.Monotonic());
        return Timeout > now ? Timeout - now : 0;
    }
}

/// <summary>WASI's <c>eventtype</c>.</summary>
internal enum SubscriptionKind : byte
{
    Clock = 0,
    Read = 1,
    Write = 2,
}

/// <summary>WASI's <c>event</c>, 32 bytes: what <c>poll_oneoff</c> found.</summary>
internal static class PollEvent
{
    public const int Size = 32;

    public static void Write(Span<byte> target, in Subscription subscription, Errno error)
    {
        target[..Size].Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(target, subscription.UserData);
        BinaryPrimitives.WriteUInt16LittleEndian(target[8..], (ushort)error);
        target[10] = (byte)subscription.Kind;
        // A descriptor that is ready says that a byte at least can be moved.
        if (subscription.Kind != SubscriptionKind.Clock && error == Errno.Success) BinaryPrimitives.WriteUInt64LittleEndian(target[16..], 1);
    }
}

namespace Edge.Wasm.Native;

/// <summary>
/// How instances are laid out in the address space. A pool of equal slots makes creation cheap (6 µs against 105 µs, measured); every slot reserves 4 GiB, so
/// that compiled code needs no bounds checks. Where that does not fit, memories are mapped one by one, small, and may move when they grow.
/// </summary>
/// <param name="Slots">Slots of the pool; 0 for memories mapped one by one.</param>
internal readonly record struct EngineLayout(int Slots)
{
    /// <summary>No guest memory is larger: a pointer must not be negative as an i32, and a length must fit one too.</summary>
    public const long MemoryMaxBytes = (2L << 30) - 65_536;

    /// <summary>Address space of one slot: what 32-bit code can reach, and a guard behind it.</summary>
    public const ulong SlotBytes = MemoryReservation + MemoryGuard;

    /// <summary>See <see cref="SlotBytes"/>.</summary>
    public const ulong MemoryReservation = 4UL << 30;

    /// <summary>Accesses with a constant offset up to this are caught by the guard.</summary>
    public const ulong MemoryGuard = 32UL << 20;

    /// <summary>The largest elements of a table that any limit allows (<see cref="Limits.ModuleLimits.TableElementsMax"/>).</summary>
    public const int TableElementsMax = 1_000_000;

    /// <summary>A pool that is smaller than this is not worth having.</summary>
    private const int SlotsMin = 256;

    /// <summary>The layout for <paramref name="instances"/>: a pool of as many slots, or of as many as <paramref name="canReserve"/> allows.</summary>
    public static EngineLayout For(int instances, Func<ulong, bool> canReserve)
    {
        // One slot more: an instance that is just being freed still holds its own.
        for (var slots = instances + 1; slots >= Math.Min(SlotsMin, instances); slots /= 2)
        {
            // Twice: the heap, the collector and other mappings need room too.
            if (canReserve(2 * (ulong)slots * (SlotBytes + (TableElementsMax * 8UL)))) return new(slots);
        }

        return new(0);
    }
}

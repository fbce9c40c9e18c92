using Edge.Wasm.Faults;
using Edge.Wasm.Native;

namespace Edge.Wasm.Instances;

/// <summary>
/// The block in the guest's memory where the host puts arguments: got from <c>edge_alloc</c>, reused by every call, asked for anew only when something larger comes and then twice as large
/// (guests/ABI.md §5).
/// </summary>
internal sealed unsafe class ArgumentBlock(GuestStore store, WasmFunc alloc)
{
    /// <summary>The most that is asked of <c>edge_alloc</c>.</summary>
    public const int BytesMax = 16 << 20;

    private WasmFunc _alloc = alloc;
    private int _at;
    private int _capacity;

    /// <summary>Puts one argument into the guest's memory at <paramref name="pointer"/>.</summary>
    public GuestFault? Place(ReadOnlySpan<byte> only, out int pointer) => Place(only, [], out pointer, out _);

    /// <summary>Puts two arguments there, each at a multiple of 16 from the block's start.</summary>
    public GuestFault? Place(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, out int firstPointer, out int secondPointer)
    {
        var offset = (first.Length + 15L) & ~15L;
        firstPointer = secondPointer = 0;
        if (offset + second.Length > _capacity && Grow(offset + second.Length) is { } fault) return fault;
        var block = store.Guest.Memory.Slice(_at, _capacity);
        first.CopyTo(block);
        second.CopyTo(block[(int)offset..]);
        firstPointer = _at;
        secondPointer = _at + (int)offset;
        return null;
    }

    private GuestFault? Grow(long size)
    {
        if (size > BytesMax)
            return new GuestFault.Memory($"The arguments of a call of module '{Name}' have {size} bytes; at most {BytesMax} are given to a guest.", []);
        if (_alloc.IsNull) return store.Condemn(new GuestFault.BadResult($"Module '{Name}' exports no edge_alloc for {size} bytes of arguments."));
        var asked = (int)Math.Min(BytesMax, Math.Max(size, 2L * _capacity));
        var value = new ValueRaw { I32 = asked };
        var phase = store.Guest.Phase;
        if (phase == CallPhase.Working) store.Guest.Phase = CallPhase.Between;
        var fault = store.Call(ref _alloc, &value, 1, "edge_alloc");
        store.Guest.Phase = phase;
        if (fault is not null) return fault;
        return Accept(value.I32, asked);
    }

    private GuestFault? Accept(int pointer, int size)
    {
        var memory = (uint)store.Guest.Memory.Length;
        if (pointer == 0)
        {
            return store.Condemn(new GuestFault.Memory(
                $"Module '{Name}' has no memory left for {size} bytes of arguments (edge_alloc returned 0); its memory has {memory} bytes, at most {store.Guest.Limits.MemoryBytes}.", []));
        }

        if ((pointer & 7) != 0)
            return store.Condemn(new GuestFault.BadResult($"Module '{Name}' returned {(uint)pointer} from edge_alloc, which is not a multiple of 8."));
        if ((uint)pointer > memory || (uint)size > memory - (uint)pointer)
            return store.Condemn(new GuestFault.BadResult($"Module '{Name}' returned {(uint)pointer} from edge_alloc({size}); its memory has {memory} bytes."));
        (_at, _capacity) = (pointer, size);
        return null;
    }

    private string Name => store.Guest.Options.Module;
}

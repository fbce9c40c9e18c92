using Edge.Wasm.Instances;
using Edge.Wasm.Native;

namespace Edge.Wasm.HostFunctions;

/// <summary><c>gpio_read</c> and <c>gpio_write</c> (guests/ABI.md §6): a line is its index among the instance's GPIO grants.</summary>
internal static class GpioFunctions
{
    public static long Read(GuestContext guest, ReadOnlySpan<ValueRaw> args)
    {
        var index = args[0].I32;
        if (!Exists(guest, index)) return EdgeError.NotFound;
        // What this call has written already, though the line is driven only when the call succeeds.
        var writes = guest.Effects.GpioWrites;
        for (var i = writes.Count - 1; i >= 0; i--)
            if (writes[i].Line == index) return writes[i].High ? 1 : 0;

        var line = guest.Grants.Lines[index];
        return guest.Options.Gpio?.Read(line.Chip, line.Line) switch { true => 1, false => 0, null => EdgeError.InputOutput };
    }

    public static long Write(GuestContext guest, ReadOnlySpan<ValueRaw> args)
    {
        var (index, value) = (args[0].I32, args[1].I32);
        if (!guest.EffectsAllowed) return EdgeError.State;
        if (!Exists(guest, index)) return EdgeError.NotFound;
        if (value is not (0 or 1)) return EdgeError.Invalid;
        if (!guest.Grants.Lines[index].Output)
        {
            guest.Denied("gpio");
            return EdgeError.Denied;
        }
        if (!guest.HasRoomFor(1)) return EdgeError.Limit;
        guest.Effects.GpioWrites.Add(new(index, value == 1));
        return 0;
    }

    private static bool Exists(GuestContext guest, int index)
    {
        if ((uint)index < (uint)guest.Grants.Lines.Count) return true;
        guest.Denied("gpio");
        return false;
    }
}

using System.Globalization;
using Edge.Wasm.Faults;

namespace Edge.Node.LocalRun;

/// <summary>A fault as people read it: reason, sentence, then the guest's frames, innermost first. Pure.</summary>
internal static class FaultText
{
    public static IEnumerable<string> Of(GuestFault fault)
    {
        yield return $"{fault.Reason}: {fault.Message}";
        foreach (var frame in fault.Backtrace)
            yield return string.Create(CultureInfo.InvariantCulture, $"    at {frame.Function} (0x{frame.ModuleOffset:x}){(frame.Location is null ? "" : $" in {frame.Location}")}");
    }
}

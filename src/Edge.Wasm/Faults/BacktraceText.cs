using System.Text.RegularExpressions;
using Edge.Wasm.Native;

namespace Edge.Wasm.Faults;

/// <summary>
/// Makes frames of Wasmtime's frames and the text of its message: only the text has <c>file:line</c>, where the module has DWARF.
/// </summary>
internal static partial class BacktraceText
{
    /// <summary>The frames, innermost first.</summary>
    public static IReadOnlyList<GuestFrame> Frames(NativeFailure failure)
    {
        var places = Places(failure.Text);
        return [.. failure.Frames.Select((frame, i) => new GuestFrame(
            frame.Name ?? $"wasm-function[{frame.Index}]", frame.Offset, places.GetValueOrDefault(i)))];
    }

    /// <summary>Number of the frame → its first <c>file:line</c>. A frame of inlined functions has several; the first is the innermost.</summary>
    private static Dictionary<int, string> Places(string text)
    {
        var places = new Dictionary<int, string>();
        var frame = -1;
        foreach (var line in text.Split('\n'))
        {
            if (FrameLine().Match(line) is { Success: true } head) frame = int.Parse(head.Groups[1].ValueSpan, provider: null);
            else if (frame >= 0 && PlaceLine().Match(line) is { Success: true } place) places.TryAdd(frame, place.Groups[1].Value);
        }

        return places;
    }

    [GeneratedRegex(@"^\s+(\d+):\s+0x[0-9a-f]+ - ")]
    private static partial Regex FrameLine();

    [GeneratedRegex(@"^\s+at (.+?:\d+)(?::\d+)?$")]
    private static partial Regex PlaceLine();
}

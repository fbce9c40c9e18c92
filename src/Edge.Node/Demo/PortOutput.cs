using System.Buffers;
using System.Text.Json;

namespace Edge.Node.Demo;

/// <summary>A channel's output in the port format <c>json</c>: <c>{"t": time in µs, "v": [numbers]}</c>.</summary>
/// <param name="TimeUs">UTC microseconds.</param>
/// <param name="Values">The numbers.</param>
internal sealed record PortOutput(long TimeUs, IReadOnlyList<double> Values)
{
    /// <summary>Reads a payload; null when it is something else.</summary>
    public static PortOutput? Read(ReadOnlySequence<byte> payload)
    {
        try
        {
            using var document = JsonDocument.Parse(payload);
            var root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object
                && root.TryGetProperty("t", out var time) && time.TryGetInt64(out var timeUs)
                && root.TryGetProperty("v", out var values) && values.ValueKind == JsonValueKind.Array
                ? new PortOutput(timeUs, [.. values.EnumerateArray().Select(v => v.GetDouble())])
                : null;
        }
        catch (Exception other) when (other is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }
}

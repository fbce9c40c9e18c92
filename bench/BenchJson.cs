using System.Text.Encodings.Web;
using System.Text.Json;

namespace Edge.Bench;

/// <summary>How reports are written.</summary>
internal static class BenchJson
{
    /// <summary>Indented, and with <c>&lt;=</c> left readable.</summary>
    public static JsonSerializerOptions Options { get; } = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}

using Edge.Wasm.Capabilities;
using static Edge.Wasm.Native.ValueKind;

namespace Edge.Wasm.HostFunctions;

/// <summary>The functions of module <c>edge</c>: guests/ABI.md §6 as a table.</summary>
internal static class EdgeImports
{
    private const string Module = "edge";

    public static IReadOnlyList<HostImport> All { get; } =
    [
        new(Module, "emit", [I32, I32, I32, I64], [I32], null, OutputFunctions.Emit),
        new(Module, "log", [I32, I32, I32], [I32], "log", OutputFunctions.Log),
        new(Module, "publish", [I32, I32, I32, I32, I32], [I32], "mqtt", OutputFunctions.Publish),
        new(Module, "metric", [I32, I32, F64], [I32], "metric", OutputFunctions.Metric),
        new(Module, "kv_get", [I32, I32, I32, I32], [I32], "kv", KvFunctions.Get),
        new(Module, "kv_put", [I32, I32, I32, I32], [I32], "kv", KvFunctions.Put),
        new(Module, "gpio_read", [I32], [I32], "gpio", GpioFunctions.Read),
        new(Module, "gpio_write", [I32, I32], [I32], "gpio", GpioFunctions.Write),
        new(Module, "http_fetch", [I32, I32, I32, I32], [I32], "net", HttpFetchFunction.Fetch),
    ];
}

using System.Globalization;
using System.Text;
using Edge.Wasm.Capabilities;
using Edge.Wasm.Native;

namespace Edge.Wasm.Tests.Scripts;

/// <summary>
/// A guest that imports every function of the host and calls them as its input says: a number of steps, each a function's index and up to nine arguments. The input is at
/// <see cref="InputAddress"/> while it runs; the results of all steps leave by <c>emit</c> on port <see cref="ResultsPort"/>, unless the last is below 0 in <c>edge_init</c>, which returns it.
/// </summary>
internal static class ScriptGuest
{
    public const int InputAddress = 128 << 10;
    public const int MemoryPages = 40;
    public const int StepSize = 80;
    public const int HeadSize = 16;
    public const int ResultsPort = 99;

    public static int IndexOf(string function)
    {
        for (var i = 0; i < HostImports.All.Count; i++)
            if (HostImports.All[i].Name == function) return i;
        throw new ArgumentException($"The host has no function '{function}'.");
    }

    public static byte[] Wasm { get; } = WebAssemblyText.ToWasm(Text("handler"));

    public static byte[] CommandWasm { get; } = WebAssemblyText.ToWasm(Text("command"));

    private static string Text(string kind)
    {
        var text = new StringBuilder("(module (type $step (func (param i32) (result i32)))\n");
        var imports = HostImports.All;
        for (var i = 0; i < imports.Count; i++)
        {
            var parameters = string.Concat(imports[i].Parameters.Select(kind => $" (param {Name(kind)})"));
            var result = imports[i].Results.Length == 0 ? "" : " (result i32)";
            text.Append(CultureInfo.InvariantCulture, $"(import \"{imports[i].Module}\" \"{imports[i].Name}\" (func $f{i}{parameters}{result}))\n");
        }
        text.Append(CultureInfo.InvariantCulture, $"(memory (export \"memory\") {MemoryPages}) (table {imports.Count} funcref)\n");
        for (var i = 0; i < imports.Count; i++)
        {
            var arguments = string.Concat(imports[i].Parameters.Select((kind, n) => $" ({Load(kind)} offset={8 * (n + 1)} (local.get 0))"));
            var none = imports[i].Results.Length == 0 ? " (i32.const 0)" : "";
            text.Append(CultureInfo.InvariantCulture, $"(func $w{i} (type $step) (call $f{i}{arguments}){none}) (elem (i32.const {i}) $w{i})\n");
        }
        text.Append(CultureInfo.InvariantCulture, $$"""
            (func $run (result i32)
              (local $step i32) (local $left i32) (local $out i32) (local $last i32)
              (local.set $left (i32.load (i32.const {{InputAddress}})))
              (local.set $step (i32.const {{InputAddress + HeadSize}}))
              (local.set $out (i32.const 1024))
              (block $done (loop $next
                (br_if $done (i32.eqz (local.get $left)))
                (local.set $last (call_indirect (type $step) (local.get $step) (i32.load (local.get $step))))
                (i32.store (local.get $out) (local.get $last))
                (local.set $out (i32.add (local.get $out) (i32.const 4)))
                (local.set $step (i32.add (local.get $step) (i32.const {{StepSize}})))
                (local.set $left (i32.sub (local.get $left) (i32.const 1)))
                (br $next)))
              (drop (call $f{{IndexOf("emit")}} (i32.const {{ResultsPort}}) (i32.const 1024) (i32.sub (local.get $out) (i32.const 1024)) (i64.const 0)))
              (local.get $last))

            """);
        text.Append(kind == "command" ? CommandExports() : HandlerExports);
        return text.Append(')').ToString();
    }

    private static string HandlerExports => $$"""
        (func (export "edge_alloc") (param i32) (result i32) (i32.const {{1 << 20}}))
        (func (export "edge_init") (param $p i32) (param $n i32) (result i32)
          (if (i32.eqz (local.get $n)) (then (return (i32.const 0))))
          (memory.copy (i32.const {{InputAddress}}) (local.get $p) (local.get $n))
          (call $run))
        (func (export "edge_handle") (param i32 i32) (param $p i32) (param $n i32) (param i64) (result i32)
          (memory.copy (i32.const {{InputAddress}}) (local.get $p) (local.get $n))
          (drop (call $run))
          (i32.const 0))
        """;

    /// <summary>Reads its script from stdin: fd_read into one vector at address 0.</summary>
    private static string CommandExports() => $$"""
        (func (export "_start")
          (i32.store (i32.const 0) (i32.const {{InputAddress}}))
          (i32.store (i32.const 4) (i32.const 65536))
          (drop (call $f{{IndexOf("fd_read")}} (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
          (drop (call $run)))
        """;

    private static string Name(ValueKind kind) => kind.ToString().ToLowerInvariant();

    private static string Load(ValueKind kind) => $"{Name(kind)}.load";
}

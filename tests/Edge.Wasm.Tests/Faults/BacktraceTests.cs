using Edge.Wasm.Faults;
using Edge.Wasm.Modules;

namespace Edge.Wasm.Tests.Faults;

/// <summary>A fault says where: names from the name section, lines from DWARF.</summary>
public sealed class BacktraceTests : IDisposable
{
    private readonly Sandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void A_module_with_line_numbers_shows_them_in_its_faults()
    {
        var wasm = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Faults/Lines.wasm"));
        var module = Assert.IsType<ModuleLoad.Loaded>(_sandbox.Host.Load(wasm)).Module;
        using var instance = _sandbox.Start(module, Sandbox.Options());
        Assert.Equal(25, instance.Handle("t"u8, "four"u8, 0).Value);

        var trap = Assert.IsType<GuestFault.Trap>(instance.Handle("t"u8, [], 0).Fault);

        Assert.Equal("unreachable", trap.Code);
        Assert.Equal(["ratio", "edge_handle"], trap.Backtrace.Select(f => f.Function));
        Assert.EndsWith("Lines.c:9", trap.Backtrace[0].Location, StringComparison.Ordinal);
        Assert.EndsWith("Lines.c:16", trap.Backtrace[1].Location, StringComparison.Ordinal);
        Assert.Contains("trapped in edge_handle in ratio (", trap.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_module_without_names_shows_numbers()
    {
        using var instance = _sandbox.Start("""
            (module
              (memory (export "memory") 1)
              (func (export "edge_alloc") (param i32) (result i32) (i32.const 8))
              (func (export "edge_handle") (param i32 i32 i32 i32 i64) (result i32) (unreachable)))
            """);

        var trap = Assert.IsType<GuestFault.Trap>(instance.Handle([], [], 0).Fault);

        var frame = Assert.Single(trap.Backtrace);
        Assert.Equal("wasm-function[1]", frame.Function);
        Assert.Null(frame.Location);
    }
}

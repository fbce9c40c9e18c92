using Edge.Wasm.Modules;

namespace Edge.Wasm.Tests.Modules;

/// <summary>Modules that do not fit guests/ABI.md are refused with what is wrong and what to do, all of it at once, before anything is compiled.</summary>
public sealed class AbiCheckTests : IDisposable
{
    private const string Handler = """
        (memory (export "memory") 1)
        (func (export "edge_alloc") (param i32) (result i32) (i32.const 8))
        (func (export "edge_handle") (param i32 i32 i32 i32 i64) (result i32) (i32.const 0))
        """;

    private readonly Sandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void A_module_of_another_abi_is_told_both_versions()
    {
        var reason = Assert.Single(_sandbox.Rejected($"(module {Handler} (func (export \"edge_abi\") (result i32) (i32.const 2)))"));

        Assert.Equal("The module was built for edge ABI 2; this node offers ABI 1. Build it with an SDK of ABI 1.", reason);
    }

    [Fact]
    public void A_module_that_computes_another_abi_gets_no_instance()
    {
        var fault = _sandbox.StartFails($"(module {Handler} (func (export \"edge_abi\") (result i32) (i32.add (i32.const 1) (i32.const 1))))");

        Assert.Contains("built for edge ABI 2", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("edge_handle", "(param i32 i32) (result i32) (i32.const 0)", "has the type (i32, i32) → i32; ABI 1 has (i32, i32, i32, i32, i64) → i32")]
    [InlineData("edge_stream", "(param i32 i32 v128) (result i32) (i32.const 0)", "has the type (i32, i32, v128) → i32; ABI 1 has (i32, i32, i32) → i32")]
    [InlineData("edge_http", "(param i32 i32) (result i32) (i32.const 0)", "has the type (i32, i32) → i32; ABI 1 has (i32, i32) → i64")]
    public void A_wrong_signature_is_told_beside_the_right_one(string export, string function, string words)
    {
        var reasons = _sandbox.Rejected($"""
            (module (memory (export "memory") 1) (func (export "edge_alloc") (param i32) (result i32) (i32.const 8)) (func (export "{export}") {function}))
            """);

        Assert.Contains($"Export {export} {words}", Assert.Single(reasons), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_missing_import_is_named_with_what_is_offered()
    {
        var reasons = _sandbox.Rejected($"""
            (module
              (import "edge" "teleport" (func (param i32)))
              (import "env" "abort" (func (param i32 i32 i32 i32)))
              (import "edge" "emit" (func (param f64)))
              (import "env" "shared" (memory 1))
              {Handler.Replace("(memory (export \"memory\") 1)", "(export \"memory\" (memory 0))", StringComparison.Ordinal)})
            """);

        Assert.Equal(4, reasons.Count);
        Assert.Contains("imports edge.teleport, which this node does not offer. Offered in edge: emit,", reasons[0], StringComparison.Ordinal);
        Assert.Contains("imports env.abort. Import modules offered: edge, wasi_snapshot_preview1.", reasons[1], StringComparison.Ordinal);
        Assert.Contains("imports edge.emit as (f64) → (); ABI 1 has (i32, i32, i32, i64) → i32.", reasons[2], StringComparison.Ordinal);
        Assert.Contains("imports the memory env.shared; only functions can be imported.", reasons[3], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("(module (memory (export \"memory\") 1))", "exports none of edge_handle")]
    [InlineData("(module (func (export \"_start\")))", "does not export its memory as 'memory'")]
    [InlineData("(module (memory (export \"memory\") 32768) (func (export \"_start\")))", "starts with 2048 MiB of memory; below 2 048 MiB is allowed")]
    [InlineData("(module (memory (export \"memory\") i64 1) (func (export \"_start\")))", "64-bit memory")]
    [InlineData("(module (memory (export \"memory\") 1 2 shared) (func (export \"_start\")))", "shared memory (threads)")]
    [InlineData("(module (memory (export \"memory\") 1) (memory 1) (func (export \"_start\")))", "2 memories; at most 1")]
    [InlineData("(module (memory (export \"memory\") 1) (table 1 funcref) (table 1 funcref) (func (export \"_start\")))", "2 tables; at most 1")]
    [InlineData("(module (memory (export \"memory\") 1) (table 2000000 funcref) (func (export \"_start\")))", "a table of 2000000 elements; at most 1000000")]
    [InlineData("(module (memory (export \"memory\") 1) (func (export \"_start\")) (func (export \"edge_snapshot\") (result i64) (i64.const 0)))", "exports edge_snapshot without edge_restore")]
    [InlineData("(module (memory (export \"memory\") 1) (func (export \"edge_decode\") (param i32 i32) (result i32) (i32.const 0)))", "exports edge_decode without edge_encode")]
    [InlineData("(module (type (struct)) (memory (export \"memory\") 1) (func (export \"_start\")))", "garbage-collection proposal")]
    public void What_the_ABI_does_not_have_is_refused_in_words(string text, string words) =>
        Assert.Contains(_sandbox.Rejected(text), reason => reason.Contains(words, StringComparison.Ordinal));

    [Fact]
    public void Functions_of_two_kinds_are_refused()
    {
        var reasons = _sandbox.Rejected($"(module {Handler} (func (export \"_start\")))");

        Assert.Contains("exports edge_handle, _start, which are of different kinds", Assert.Single(reasons), StringComparison.Ordinal);
    }

    [Fact]
    public void A_component_is_told_to_be_one()
    {
        byte[] component = [0, (byte)'a', (byte)'s', (byte)'m', 0x0d, 0, 1, 0];

        var rejected = Assert.IsType<ModuleLoad.Rejected>(_sandbox.Host.Load(component));

        Assert.Contains("component; only core modules", Assert.Single(rejected.Reasons), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "does not begin with")]
    [InlineData("00 61 73 6d 02 00 00 00", "another version")]
    [InlineData("00 61 73 6d 01 00 00 00 01", "ends early")]
    [InlineData("00 61 73 6d 01 00 00 00 01 ff ff ff ff 0f", "ends early")]
    [InlineData("00 61 73 6d 01 00 00 00 03 80 80 80 80 80 00", "number that is too long")]
    public void Bytes_that_are_no_module_are_told_why(string hex, string words)
    {
        var bytes = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

        var rejected = Assert.IsType<ModuleLoad.Rejected>(_sandbox.Host.Load(bytes));

        Assert.Contains(words, Assert.Single(rejected.Reasons), StringComparison.Ordinal);
    }

    [Fact]
    public void Bodies_that_are_not_valid_are_told_by_the_compiler()
    {
        var wasm = WebAssemblyText.ToWasm($"(module {Handler})");
        // The last body's i32.const 0 becomes an addition of nothing, and a no-op.
        var body = wasm.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0x41, 0, 0x0b]);
        (wasm[body], wasm[body + 1]) = (0x6a, 0x01);

        var rejected = Assert.IsType<ModuleLoad.Rejected>(_sandbox.Host.Load(wasm));

        Assert.StartsWith("The module is not valid: ", Assert.Single(rejected.Reasons), StringComparison.Ordinal);
    }

    [Fact]
    public void The_outside_of_a_module_can_be_read()
    {
        using var module = _sandbox.Load($"(module (import \"edge\" \"emit\" (func (param i32 i32 i32 i64) (result i32))) {Handler})");

        Assert.Equal(ModuleKind.Handler, module.Kind);
        Assert.Equal(["edge.emit: (i32, i32, i32, i64) → i32"], module.Imports);
        Assert.Equal(["memory: memory", "edge_alloc: (i32) → i32", "edge_handle: (i32, i32, i32, i32, i64) → i32"], module.Exports);
        Assert.Equal(65_536, module.MemoryMinBytes);
        Assert.False(module.KeepsState);
        Assert.Empty(module.MissingGrants(Edge.Wasm.Capabilities.CapabilitySet.None));
    }
}

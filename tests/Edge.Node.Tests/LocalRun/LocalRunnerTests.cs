using System.Text;
using Edge.Node.LocalRun;
using Edge.Wasm;

namespace Edge.Node.Tests.LocalRun;

/// <summary><c>edge run</c> on the smallest module of each kind, with the real module host.</summary>
public sealed class LocalRunnerTests : IDisposable
{
    private const string Common = """
        (memory (export "memory") 2)
        (func (export "edge_alloc") (param i32) (result i32) (i32.const 65536))
        """;

    private const string Emit = """(import "edge" "emit" (func $emit (param i32 i32 i32 i64) (result i32)))""";

    private readonly string _folder = Directory.CreateTempSubdirectory("edge-run-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_handler_gets_each_line_and_its_effects_are_printed_and_kept()
    {
        var module = $"""
            (module {Emit}
              (import "edge" "kv_put" (func $put (param i32 i32 i32 i32) (result i32)))
              {Common}
              (func (export "edge_handle") (param $t i32) (param $tl i32) (param $p i32) (param $n i32) (param i64) (result i32)
                (drop (call $emit (i32.const 3) (local.get $p) (local.get $n) (i64.const 0)))
                (call $put (local.get $t) (local.get $tl) (local.get $p) (local.get $n))))
            """;
        var kv = Path.Combine(_folder, "kv.json");
        var run = await RunAsync(module, "one\ntwo\n", request => request with { Topic = "boiler", KvPath = kv }, "kv:1KiB");
        Assert.Equal((0, "emit 3 one\nkv put boiler 3 bytes\nemit 3 two\nkv put boiler 3 bytes\n", ""), run);
        Assert.Equal("two"u8.ToArray(), KvFile.Load(kv).Get("boiler"));
    }

    [Fact]
    public async Task A_stream_gets_blocks_and_a_line_is_driven()
    {
        var module = $"""
            (module {Emit}
              (import "edge" "gpio_write" (func $gpio (param i32 i32) (result i32)))
              {Common}
              (func (export "edge_stream") (param $h i32) (param $s i32) (param $n i32) (result i32)
                (drop (call $gpio (i32.const 0) (i32.const 1)))
                (call $emit (i32.const 0) (local.get $s) (i32.mul (local.get $n) (i32.const 4)) (i64.const 0))))
            """;
        var run = await RunAsync(module, "1\n2\n3\n", request => request with { Block = 2, Show = "f32" }, "gpio:virtual0/1:out");
        Assert.Equal((0, "emit 0 1 2\ngpio 0 high\nemit 0 3\ngpio 0 high\n", ""), run);
    }

    [Fact]
    public async Task A_codec_gets_the_rest_again_until_it_consumes_no_more()
    {
        var module = $"""
            (module {Emit} {Common}
              (func (export "edge_encode") (param i32 i32) (result i32) (local.get 1))
              (func (export "edge_decode") (param $p i32) (param $n i32) (result i32)
                (if (i32.lt_u (local.get $n) (i32.const 2)) (then (return (i32.const 0))))
                (drop (call $emit (i32.const 0) (local.get $p) (i32.const 2) (i64.const 0)))
                (i32.const 2)))
            """;
        Assert.Equal((0, "emit 0 ab\nemit 0 cd\n", "The last 1 bytes were not consumed: the module waits for more.\n"), await RunAsync(module, "abcde"));
    }

    [Fact]
    public async Task An_http_module_answers_with_bytes()
    {
        var module = $"(module {Common} (func (export \"edge_http\") (param $p i32) (param $n i32) (result i64) (i64.or (i64.shl (i64.extend_i32_u (local.get $p)) (i64.const 32)) (i64.const 9))))";
        Assert.Equal((0, "GET /a HT", ""), await RunAsync(module, "", request => request with { HttpTarget = "/a" }));
    }

    [Fact]
    public async Task A_command_ends_with_its_own_code()
    {
        var module = """
            (module (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
              (memory (export "memory") 1) (func (export "_start") (call $exit (i32.const 7))))
            """;
        Assert.Equal((7, "", ""), await RunAsync(module, ""));
    }

    [Fact]
    public async Task A_fault_is_told_with_the_functions_that_led_to_it()
    {
        var module = $"(module {Common} (func $inner unreachable) (func $edge_handle (export \"edge_handle\") (param i32 i32 i32 i32 i64) (result i32) (call $inner) (i32.const 0)))";
        var (code, _, errors) = await RunAsync(module, "one\ntwo\n");
        Assert.Equal(1, code);
        Assert.StartsWith("Message 1: trap: ", errors, StringComparison.Ordinal);
        Assert.Contains("    at inner (0x", errors, StringComparison.Ordinal);
        Assert.Contains("    at edge_handle (0x", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("Message 2", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Denials_are_counted()
    {
        var module = $"""
            (module (import "edge" "publish" (func $publish (param i32 i32 i32 i32 i32) (result i32))) {Common}
              (func (export "edge_handle") (param $t i32) (param $tl i32) (param i32 i32 i64) (result i32)
                (drop (call $publish (local.get $t) (local.get $tl) (i32.const 0) (i32.const 0) (i32.const 0))) (i32.const 0)))
            """;
        Assert.Equal((0, "", "Denied 2 times: what is outside the grants of 'mqtt'.\n"), await RunAsync(module, "1\n2\n", null, "mqtt:pub:alarms/#"));
    }

    [Fact]
    public async Task Missing_grants_are_named_with_how_to_give_them()
    {
        var module = $"""
            (module (import "edge" "kv_get" (func (param i32 i32 i32 i32) (result i32))) (import "wasi_snapshot_preview1" "random_get" (func (param i32 i32) (result i32))) {Common}
              (func (export "edge_handle") (param i32 i32 i32 i32 i64) (result i32) (i32.const 0)))
            """;
        var (code, _, errors) = await RunAsync(module, "");
        Assert.Equal(1, code);
        Assert.Contains("need the grants kv, random, which were not given. Add --grant kv:64KiB --grant random.", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bytes_that_are_no_module_are_refused()
    {
        var path = Path.Combine(_folder, "module.wasm");
        await File.WriteAllTextAsync(path, "no module", TestContext.Current.CancellationToken);
        var (code, _, errors) = await RunFileAsync(path, "", null);
        Assert.Equal(1, code);
        Assert.Contains("is no module of ABI 1:", errors, StringComparison.Ordinal);
        Assert.True(errors.TrimEnd().Split((char)10).Length > 1, errors); // and why, below it
    }

    private async Task<(int Code, string Output, string Errors)> RunAsync(string text, string input, Func<RunRequest, RunRequest>? change = null, params string[] grants)
    {
        // The counter of denials tells modules apart by name, and tests run side by side.
        var path = Path.Combine(_folder, $"m{Guid.NewGuid():N}.wasm");
        await File.WriteAllBytesAsync(path, WebAssemblyText.ToWasm(text), TestContext.Current.CancellationToken);
        return await RunFileAsync(path, input, change, grants);
    }

    private static async Task<(int Code, string Output, string Errors)> RunFileAsync(string path, string input, Func<RunRequest, RunRequest>? change, params string[] grants)
    {
        using var source = new MemoryStream(Encoding.UTF8.GetBytes(input));
        using var output = new MemoryStream();
        using var errors = new StringWriter();
        var request = new RunRequest { File = path, Grants = GrantArguments.Parse(grants).Grants };
        var code = await new LocalRunner(TimeProvider.System, source, output, errors).RunAsync(change?.Invoke(request) ?? request);
        return (code, Encoding.UTF8.GetString(output.ToArray()), errors.ToString());
    }
}

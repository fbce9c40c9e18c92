using System.CommandLine;
using System.Text.Json;
using Edge.Messages.Modules;
using Edge.Node.Cli;
using Edge.Wasm;

namespace Edge.Node.Tests.Cli;

public sealed class ModuleInspectTests : IDisposable
{
    private const string Handler = """
        (module
          (import "edge" "emit" (func (param i32 i32 i32 i64) (result i32)))
          (import "edge" "kv_get" (func (param i32 i32 i32 i32) (result i32)))
          (memory (export "memory") 3)
          (func (export "edge_alloc") (param i32) (result i32) (i32.const 65536))
          (func (export "edge_handle") (param i32 i32 i32 i32 i64) (result i32) (i32.const 0)))
        """;

    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Json_has_kind_digest_sizes_grants_exports_and_imports()
    {
        var wasm = WebAssemblyText.ToWasm(Handler);
        File.WriteAllBytes(_file, wasm);
        var (code, output, _) = Inspect("-o", "json");
        Assert.Equal(EdgeCli.Done, code);
        using var facts = JsonDocument.Parse(output);
        var root = facts.RootElement;
        Assert.Equal("handler", root.GetProperty("kind").GetString());
        Assert.Equal(ModuleDigest.Of(wasm).ToString(), root.GetProperty("digest").GetString());
        Assert.Equal(wasm.Length, root.GetProperty("sizeBytes").GetInt64());
        Assert.Equal(3 << 16, root.GetProperty("memoryMinBytes").GetInt64());
        Assert.Equal(["kv"], root.GetProperty("grants").EnumerateArray().Select(grant => grant.GetString()));
        Assert.Contains(root.GetProperty("exports").EnumerateArray(), export => export.GetString()!.StartsWith("edge_handle: ", StringComparison.Ordinal));
        Assert.Contains(root.GetProperty("imports").EnumerateArray(), import => import.GetString()!.StartsWith("edge.kv_get: ", StringComparison.Ordinal));
    }

    [Fact]
    public void Text_says_how_a_needed_grant_is_written()
    {
        File.WriteAllBytes(_file, WebAssemblyText.ToWasm(Handler));
        var (_, output, _) = Inspect();
        Assert.Contains("kind     handler", output, StringComparison.Ordinal);
        Assert.Contains("grants   kv (such as kv:64KiB)", output, StringComparison.Ordinal);
        Assert.Contains("memory   192 KiB at start", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_module_of_another_ABI_is_refused_with_reasons()
    {
        File.WriteAllBytes(_file, WebAssemblyText.ToWasm("(module (import \"env\" \"print\" (func)))"));
        var (code, _, errors) = Inspect();
        Assert.Equal(EdgeCli.Failed, code);
        Assert.Contains("env.print", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_is_named()
    {
        File.Delete(_file);
        var (code, _, errors) = Inspect();
        Assert.Equal(EdgeCli.Failed, code);
        Assert.Contains(_file, errors, StringComparison.Ordinal);
    }

    private (int Code, string Output, string Errors) Inspect(params string[] options)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var code = ModuleInspectCommand.Create().Parse([_file, .. options]).Invoke(new InvocationConfiguration { Output = output, Error = errors });
        return (code, output.ToString(), errors.ToString());
    }
}

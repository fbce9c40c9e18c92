using Edge.Wasm;

namespace Edge.Node.Tests.Admin;

/// <summary>Manifests and a module for tests of the admin API.</summary>
internal static class SiteText
{
    private const string Handler = """
        (module
          (memory (export "memory") 1)
          (func (export "edge_alloc") (param i32) (result i32) (i32.const 1024))
          (func (export "edge_handle") (param i32 i32 i32 i32 i64) (result i32) (i32.const 0)))
        """;

    public static byte[] Wasm => WebAssemblyText.ToWasm(Handler);

    public static string Tenant(string name, string capabilities = "log") => $"""
        apiVersion: edge/v1
        kind: Tenant
        metadata: {Braced($"name: {name}")}
        spec: {Braced($"capabilities: [{capabilities}]")}

        """;

    public static string Module(string name, string file, string capabilities = "log") => $"""
        apiVersion: edge/v1
        kind: Module
        metadata: {Braced($"name: {name}, tenant: acme")}
        spec:
          file: {file}
          capabilities: [{capabilities}]
          ports: [out]

        """;

    public static string Channel(string name, string module, string more = "") => $"""
        apiVersion: edge/v1
        kind: Channel
        metadata: {Braced($"name: {name}, tenant: acme")}
        spec:
          source: {Braced("topic: in/+, payload: {format: bytes}")}
          module: {module}
          ports: {Braced("out: {topic: results}")}
        {more}

        """;

    public static string Documents(params string[] documents) => string.Join("---\n", documents);

    private static string Braced(string text) => "{" + text + "}";
}

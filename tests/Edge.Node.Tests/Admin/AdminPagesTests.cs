using System.Net;
using Edge.Node.Tests.Hosting;

namespace Edge.Node.Tests.Admin;

public sealed class AdminPagesTests
{
    [Fact]
    public async Task A_node_that_works_says_so()
    {
        using var folder = new NodeFolder().WithCounter();
        await using var node = await NodeProcess.StartAsync(folder);

        var (health, _) = await node.GetAsync("healthz");
        var (ready, body) = await node.GetAsync("readyz");
        var (_, status) = await node.GetAsync("api/v1/status");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (health, ready));
        Assert.Equal("ok", body.GetProperty("status").GetString());
        Assert.Equal("counts", status.GetProperty("channels")[0].GetProperty("name").GetString());
        Assert.Equal("running", status.GetProperty("channels")[0].GetProperty("state").GetString());
        Assert.Equal("ready", status.GetProperty("modules")[0].GetProperty("state").GetString());
        Assert.Equal("open", status.GetProperty("intake").GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_module_that_may_not_run_is_named_and_the_node_stays_up()
    {
        using var folder = new NodeFolder().WithCounter().With("greedy.yaml", """
            apiVersion: edge/v1
            kind: Module
            metadata: {name: greedy}
            spec: {file: greedy.wasm}
            """).WithModule("greedy.wasm", """
            (module
              (import "edge" "publish" (func (param i32 i32 i32 i32 i32) (result i32)))
              (memory (export "memory") 1)
              (func (export "edge_alloc") (param i32) (result i32) (i32.const 16))
              (func (export "edge_handle") (param i32 i32 i32 i32 i64) (result i32) (i32.const 0)))
            """);
        await using var node = await NodeProcess.StartAsync(folder);

        var (code, body) = await node.GetAsync("readyz");

        Assert.Equal(HttpStatusCode.OK, code);
        Assert.Equal("degraded", body.GetProperty("status").GetString());
        var part = Assert.Single(body.GetProperty("parts").EnumerateArray());
        Assert.Equal("module default/greedy", part.GetProperty("part").GetString());
        Assert.Contains("mqtt", part.GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_schema_of_the_manifests_is_published()
    {
        using var folder = new NodeFolder();
        await using var node = await NodeProcess.StartAsync(folder);

        var (code, schema) = await node.GetAsync("schema/edge-v1.json");

        Assert.Equal(HttpStatusCode.OK, code);
        Assert.True(schema.TryGetProperty("$schema", out _));
    }
}

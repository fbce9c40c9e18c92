using System.Text;
using Edge.Wasm.HostFunctions;
using Edge.Wasm.Tests.Scripts;

namespace Edge.Wasm.Tests.HostFunctions;

public sealed class KvFunctionTests
{
    [Fact]
    public void A_get_sees_the_puts_of_its_own_call_before_the_committed_pairs()
    {
        using var host = new ScriptHost("kv:1KiB");
        host.Options.Kv.Set("k", "old"u8.ToArray());
        var script = new Script();
        var (key, value, buffer) = (script.Bytes("k"u8), script.Bytes("newer"u8), script.Buffer(16));
        var result = host.Run(script
            .Call("kv_get", key, 1, buffer, 16).Show(buffer, 5)
            .Call("kv_put", key, 1, value, 5)
            .Call("kv_get", key, 1, buffer, 16).Show(buffer, 5)
            .Call("kv_put", key, 1, 0, -1)
            .Call("kv_get", key, 1, buffer, 16));
        Assert.Equal([3, 0, 0, 5, 0, 0, EdgeError.NotFound], result.Results);
        Assert.Equal(["old\0\0", "newer"], result.Emitted.Select(Encoding.UTF8.GetString));
        // The pairs themselves change only when whoever owns them commits the effects.
        Assert.Equal("old"u8.ToArray(), host.Options.Kv.Get("k"));
        Assert.Equal([false, true], host.Instance.Effects.KvWrites.Select(write => write.Deleted));
    }

    [Fact]
    public void A_value_longer_than_the_buffer_is_not_copied_and_tells_its_length()
    {
        using var host = new ScriptHost("kv:1KiB");
        host.Options.Kv.Set("k", new byte[100]);
        var script = new Script();
        var (key, buffer) = (script.Bytes("k"u8), script.Bytes("untouched"u8));
        var result = host.Run(script.Call("kv_get", key, 1, buffer, 9).Show(buffer, 9).Call("kv_get", key, 1, 0, 0));
        Assert.Equal([100, 0, 100], result.Results);
        Assert.Equal("untouched", Encoding.UTF8.GetString(result.Emitted[0]));
    }

    [Fact]
    public void The_granted_size_bounds_all_keys_and_values_together()
    {
        using var host = new ScriptHost("kv:100B");
        host.Options.Kv.Set("a", new byte[49]);
        var script = new Script();
        var (a, b, c) = (script.Bytes("a"u8), script.Bytes("b"u8), script.Bytes("c"u8));
        var result = host.Run(script
            .Call("kv_put", b, 1, 0, 50) // 50 + 51 = 101
            .Call("kv_put", b, 1, 0, 49) // 50 + 50 = 100
            .Call("kv_put", c, 1, 0, 0) // 101
            .Call("kv_put", a, 1, 0, 48) // 99
            .Call("kv_put", c, 1, 0, 0) // 100
            .Call("kv_put", a, 1, 0, -1) // 51
            .Call("kv_put", a, 1, 0, 48)); // 100
        Assert.Equal([EdgeError.Limit, 0, EdgeError.Limit, 0, 0, 0, 0], result.Results);
    }

    [Fact]
    public void Keys_are_1_to_256_bytes_of_text()
    {
        using var host = new ScriptHost("kv:1KiB");
        var script = new Script();
        var invalid = script.Bytes([0xFF]);
        var result = host.Run(script.Call("kv_put", 0, 0, 0, 0).Call("kv_put", 0, 257, 0, 0).Call("kv_put", invalid, 1, 0, 0).Call("kv_get", 0, 0, 0, 0)
            .CallWithText("kv_put", new string('k', 256), 0, 0).CallWithText("kv_get", "nothing", 0, 0).CallWithText("kv_put", "nothing", 0, -1));
        Assert.Equal([EdgeError.Invalid, EdgeError.Invalid, EdgeError.Invalid, EdgeError.Invalid, 0, EdgeError.NotFound, 0], result.Results);
    }
}

using Edge.Wasm.HostFunctions;
using Edge.Wasm.Limits;
using Edge.Wasm.Tests.Scripts;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Edge.Wasm.Tests.HostFunctions;

public sealed class GuestLogTests
{
    [Fact]
    public void A_line_has_its_level_module_and_text()
    {
        using var host = new ScriptHost("log");
        var script = new Script();
        var text = script.Bytes("valve open"u8);
        Assert.Equal([0, 0, EdgeError.Invalid, EdgeError.Invalid],
            host.Run(script.Call("log", 2, text, 10).Call("log", 4, text, 5).Call("log", 5, text, 1).Call("log", -1, text, 1)).Results);
        Assert.Equal([(LogLevel.Information, $"{host.Options.Module}: valve open"), (LogLevel.Error, $"{host.Options.Module}: valve")], host.Log.Lines);
    }

    [Fact]
    public void A_guest_can_forge_no_line_and_long_text_is_cut()
    {
        using var host = new ScriptHost("log");
        var script = new Script();
        var (forged, longText) = (script.Bytes("one\ntwo\r\u001b[31mred\n"u8), script.Bytes([.. Enumerable.Repeat((byte)'x', 5_000)]));
        host.Run(script.Call("log", 2, forged, 17).Call("log", 2, longText, 5_000));
        Assert.EndsWith(": one two  [31mred", host.Log.Lines[0].Text, StringComparison.Ordinal);
        Assert.EndsWith(new string('x', GuestLog.LineMax), host.Log.Lines[1].Text, StringComparison.Ordinal);
        Assert.DoesNotContain(new string('x', GuestLog.LineMax + 1), host.Log.Lines[1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_flood_is_dropped_counted_and_reported()
    {
        var time = new FakeTimeProvider();
        using var host = new ScriptHost(time, "log");
        host.With(new ModuleLimits { LogLinesPerSecond = 5, Deadline = TimeSpan.FromSeconds(30) });
        Script Flood()
        {
            var script = new Script();
            for (var i = 0; i < 20; i++) script.Call("log", 2, 0, 0);
            return script;
        }
        Assert.Equal([.. Enumerable.Repeat(0, 5), .. Enumerable.Repeat(EdgeError.Limit, 15)], host.Run(Flood()).Results);
        Assert.Equal(5, host.Log.Lines.Count);

        time.Advance(TimeSpan.FromSeconds(0.4));
        Assert.Equal([.. Enumerable.Repeat(0, 2), .. Enumerable.Repeat(EdgeError.Limit, 18)], host.Run(Flood()).Results);
        Assert.EndsWith("15 log lines were dropped: more than 5 a second", host.Log.Lines[5].Text, StringComparison.Ordinal);

        host.EndInstance();
        Assert.EndsWith("18 log lines were dropped: more than 5 a second", host.Log.Lines[^1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rate_of_zero_drops_every_line()
    {
        using var host = new ScriptHost("log");
        host.With(new ModuleLimits { LogLinesPerSecond = 0 });
        Assert.Equal([EdgeError.Limit], host.Run(new Script().Call("log", 2, 0, 0)).Results);
    }
}

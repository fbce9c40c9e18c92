using System.Buffers.Binary;
using System.Text;
using Edge.Wasm.Faults;
using Edge.Wasm.Instances;
using Edge.Wasm.Limits;
using Edge.Wasm.Modules;
using Edge.Wasm.Tests.Scripts;
using Edge.Wasm.Wasi;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Edge.Wasm.Tests.Wasi;

/// <summary>Stdio, clocks, sleeping, random, arguments, exit codes.</summary>
public sealed class WasiProcessTests
{
    [Fact]
    public void Stdout_and_stderr_are_log_lines_however_they_are_cut()
    {
        using var host = new ScriptHost("log");
        var script = new Script();
        var count = script.Buffer(4);
        int Vector(string text) => script.Vector(script.Bytes(Encoding.UTF8.GetBytes(text)), text.Length);
        host.Run(script.Call("fd_write", 1, Vector("one\ntw"), 1, count).Call("fd_write", 2, Vector("bad\n"), 1, count)
            .Call("fd_write", 1, Vector("o\nrest"), 1, count).Show(count, 4));
        Assert.Equal([(LogLevel.Information, "one"), (LogLevel.Warning, "bad"), (LogLevel.Information, "two")],
            host.Log.Lines.Select(line => (line.Level, line.Text.Split(": ")[1])));
        host.EndInstance();
        Assert.EndsWith(": rest", host.Log.Lines[^1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_the_grant_stdout_is_dropped_and_stdin_is_empty()
    {
        using var host = new ScriptHost();
        var script = new Script();
        var (vector, count) = (script.Vector(script.Bytes("x\n"u8), 2), script.Bytes([9, 9, 9, 9]));
        var result = host.Run(script.Call("fd_write", 1, vector, 1, count).Show(count, 4).Call("fd_read", 0, vector, 1, count).Show(count, 4).Call("fd_read", 1, vector, 1, count));
        Assert.Equal([0, 0, 0, 0, (int)Errno.Badf], result.Results);
        Assert.Equal([2, 0], result.Emitted.Select(bytes => BinaryPrimitives.ReadInt32LittleEndian(bytes)));
        Assert.Empty(host.Log.Lines);
    }

    [Fact]
    public void The_wall_clock_has_the_granted_offset_and_a_deviation_within_the_bound()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        using var host = new ScriptHost(time, "clock:offset=-2h,drift=5ms");
        host.With(new ModuleLimits { Deadline = TimeSpan.FromSeconds(30) });
        var deviations = new List<double>();
        for (var minute = 0; minute < 10; minute++, time.Advance(TimeSpan.FromMinutes(1)))
        {
            var script = new Script();
            var now = script.Buffer(8);
            var result = host.Run(script.Call("clock_time_get", 0, 0, now).Show(now, 8));
            if (result.Fault is GuestFault.Deadline) continue;
            var expected = (time.GetUtcNow() - DateTimeOffset.UnixEpoch - TimeSpan.FromHours(2)).TotalMilliseconds;
            deviations.Add((BinaryPrimitives.ReadInt64LittleEndian(result.Emitted[0]) / 1e6) - expected);
        }
        Assert.All(deviations, deviation => Assert.InRange(deviation, -5.001, 5.001));
        Assert.True(deviations.Max() - deviations.Min() > 5, "the clock does not wander");
    }

    [Fact]
    public void The_monotonic_clock_runs_with_the_hosts_and_others_are_not_offered()
    {
        var time = new FakeTimeProvider();
        using var host = new ScriptHost(time, "clock:offset=2h");
        host.With(new ModuleLimits { Deadline = TimeSpan.FromSeconds(30) });
        long Now()
        {
            var script = new Script();
            var now = script.Buffer(8);
            return BinaryPrimitives.ReadInt64LittleEndian(host.Run(script.Call("clock_time_get", 1, 0, now).Show(now, 8)).Emitted[0]);
        }
        var first = Now();
        time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(3_000_000_000, Now() - first);
        Assert.Equal([(int)Errno.Inval, (int)Errno.Inval, 0, 0],
            host.Run(new Script().Call("clock_time_get", 2, 0, 0).Call("clock_res_get", 3, 0).Call("clock_res_get", 0, 0).Call("clock_res_get", 1, 0)).Results);
    }

    [Fact]
    public void A_short_sleep_returns_its_event_and_a_ready_descriptor_does_not_wait()
    {
        using var host = new ScriptHost();
        var script = new Script();
        var (events, count) = (script.Buffer(64), script.Buffer(4));
        var sleep = Subscribe(0x1122, 0, clock: 1, nanoseconds: 5_000_000);
        var read = Subscribe(0x3344, 1, clock: 0, nanoseconds: 0);
        var both = script.Bytes([.. Subscribe(0x1122, 0, 1, 60_000_000_000), .. read]);
        var result = host.Run(script.Call("poll_oneoff", script.Bytes(sleep), events, 1, count).Show(events, 32).Show(count, 4)
            .Call("poll_oneoff", both, events, 2, count).Show(events, 32).Show(count, 4)
            .Call("poll_oneoff", both, events, 0, count).Call("poll_oneoff", both, events, -1, count));
        Assert.Equal(0x1122, BinaryPrimitives.ReadInt64LittleEndian(result.Emitted[0]));
        Assert.Equal(0, result.Emitted[0][8]);
        Assert.Equal(1, result.Emitted[1][0]);
        Assert.Equal(0x3344, BinaryPrimitives.ReadInt64LittleEndian(result.Emitted[2]));
        Assert.Equal(1, result.Emitted[2][10]);
        Assert.Equal(1, result.Emitted[3][0]);
        Assert.Equal([(int)Errno.Inval, (int)Errno.Inval], result.Results.TakeLast(2));
    }

    [Theory]
    [InlineData(60_000_000_000)]
    [InlineData(-1)]
    public void A_sleep_past_the_deadline_is_the_fault_deadline(long nanoseconds)
    {
        using var host = new ScriptHost();
        host.With(new ModuleLimits { Deadline = TimeSpan.FromMilliseconds(50) });
        var script = new Script();
        var deadline = Assert.IsType<GuestFault.Deadline>(host.Run(script.Call("poll_oneoff", script.Bytes(Subscribe(1, 0, 1, nanoseconds)), script.Buffer(32), 1, script.Buffer(4))).Fault);
        Assert.Contains("poll_oneoff", deadline.Message, StringComparison.Ordinal);
        Assert.False(host.Instance.Alive);
    }

    [Fact]
    public void Random_bytes_differ()
    {
        using var host = new ScriptHost("random");
        var script = new Script();
        var bytes = script.Buffer(64);
        var result = host.Run(script.Call("random_get", bytes, 32).Call("random_get", bytes + 32, 32).Show(bytes, 32).Show(bytes + 32, 32));
        Assert.NotEqual(result.Emitted[0], result.Emitted[1]);
        Assert.NotEqual(new byte[32], result.Emitted[0]);
    }

    [Fact]
    public void What_is_not_offered_says_so()
    {
        using var host = new ScriptHost();
        var result = host.Run(new Script().Call("sock_accept", 3, 0, 0).Call("sock_send", 3, 0, 0, 0, 0).Call("fd_allocate", 1, 0, 1).Call("fd_fdstat_set_rights", 1, 0, 0)
            .Call("fd_close", 77).Call("fd_seek", 1, 0, 0, 0).Call("sched_yield"));
        Assert.Equal([Errno.Notsup, Errno.Notsup, Errno.Notsup, Errno.Notsup, Errno.Badf, Errno.Spipe, Errno.Success], result.Results.Select(errno => (Errno)errno));
    }

    [Fact]
    public void Proc_exit_outside_a_command_is_a_refusal()
    {
        using var host = new ScriptHost();
        Assert.IsType<GuestFault.HostRefusal>(host.Run(new Script().Call("proc_exit", 0)).Fault);
    }

    [Fact]
    public void A_command_reads_stdin_writes_stdout_sees_its_arguments_and_exits_with_a_code()
    {
        var script = new Script();
        var (sizes, pointers, text, count) = (script.Buffer(8), script.Buffer(64), script.Buffer(64), script.Buffer(4));
        var vector = script.Vector(text, 9);
        script.Call("args_sizes_get", sizes, sizes + 4).Call("args_get", pointers, text)
            .Call("fd_write", 1, vector, 1, count).Call("fd_write", 1, script.Vector(sizes, 8), 1, count)
            .Call("environ_sizes_get", sizes, sizes + 4).Call("fd_write", 1, script.Vector(sizes, 8), 1, count).Call("proc_exit", 3);
        using var output = new MemoryStream();
        var outcome = RunCommand(script, output, new ModuleLimits());
        Assert.True(outcome.Succeeded, outcome.Fault?.Message);
        Assert.Equal(3, outcome.Value);
        Assert.Equal([.. "job\0-v\0x\0"u8, 3, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], output.ToArray());
    }

    [Fact]
    public void Stdout_of_a_command_ends_at_the_output_limit()
    {
        var script = new Script();
        var count = script.Buffer(4);
        var vector = script.Vector(0, 700);
        script.Call("fd_write", 1, vector, 1, count).Call("fd_write", 1, vector, 1, count).Call("fd_write", 1, vector, 1, count).Call("proc_exit", 0);
        using var output = new MemoryStream();
        RunCommand(script, output, new ModuleLimits { OutputMaxBytes = 1_024 });
        Assert.Equal(1_024, output.Length);
    }

    [Fact]
    public void A_stdin_that_never_comes_ends_the_command_at_its_deadline()
    {
        using var pipe = new System.IO.Pipes.AnonymousPipeServerStream(System.IO.Pipes.PipeDirection.Out);
        using var input = new System.IO.Pipes.AnonymousPipeClientStream(System.IO.Pipes.PipeDirection.In, pipe.ClientSafePipeHandle);
        using var output = new MemoryStream();
        var outcome = Run(input, output, new ModuleLimits { Deadline = TimeSpan.FromMilliseconds(50) });
        // The reader that was left behind gets its end of file; closing its own end would wait for it.
        pipe.Dispose();
        Assert.IsType<GuestFault.Deadline>(outcome.Fault);
    }

    private static CallOutcome RunCommand(Script script, Stream output, ModuleLimits limits)
    {
        using var input = new MemoryStream(script.ToInput());
        return Run(input, output, limits);
    }

    private static CallOutcome Run(Stream input, Stream output, ModuleLimits limits)
    {
        using var host = new ModuleHost(new ModuleHostOptions { InstancesMax = 2 }, TimeProvider.System, NullLoggerFactory.Instance);
        using var module = Assert.IsType<ModuleLoad.Loaded>(host.Load(ScriptGuest.CommandWasm)).Module;
        var options = new InstanceOptions
        {
            Tenant = "acme", Module = "job", Limits = limits, Grants = Edge.Wasm.Capabilities.CapabilitySet.None, Log = NullLogger.Instance,
            Arguments = ["-v", "x"], Input = input, Output = output,
        };
        using var instance = host.Create(module, options, out var fault);
        Assert.Null(fault);
        return instance!.RunCommand();
    }

    private static byte[] Subscribe(long userData, byte kind, int clock, long nanoseconds)
    {
        var bytes = new byte[Subscription.Size];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, userData);
        bytes[8] = kind;
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), clock);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(24), nanoseconds);
        return bytes;
    }
}

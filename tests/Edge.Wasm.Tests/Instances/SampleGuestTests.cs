using Edge.Wasm.Faults;
using Edge.Wasm.Modules;

namespace Edge.Wasm.Tests.Instances;

/// <summary>The modules of guests/bin, as this node would load them.</summary>
public sealed class SampleGuestTests : IDisposable
{
    private readonly Sandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Theory]
    [InlineData("ecg", ModuleKind.Stream)]
    [InlineData("fir", ModuleKind.Stream)]
    [InlineData("mean", ModuleKind.Handler)]
    [InlineData("units", ModuleKind.Handler)]
    [InlineData("hello-http", ModuleKind.Http)]
    [InlineData("echo", ModuleKind.Handler)]
    [InlineData("wc", ModuleKind.Command)]
    public void Every_sample_loads_as_its_kind(string sample, ModuleKind kind)
    {
        using var module = Load(sample);

        Assert.Equal(kind, module.Kind);
    }

    [Fact]
    public void A_Go_program_without_memory_is_told_that_it_has_none()
    {
        using var module = Load("units");
        // The least that its runtime starts in, and hardly more.
        var limits = Sandbox.Unhurried with { MemoryMaxBytes = module.MemoryMinBytes };

        using var instance = _sandbox.Host.Create(module, Sandbox.Options(limits), out var fault);
        fault ??= instance!.Handle("t"u8, new byte[8 << 20], 0).Fault;

        Assert.IsType<GuestFault.Memory>(fault);
    }

    private CompiledModule Load(string sample)
    {
        var bytes = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "guests", sample + ".wasm"));
        var load = _sandbox.Host.Load(bytes);
        return load is ModuleLoad.Rejected rejected
            ? throw new InvalidOperationException(string.Join("\n", rejected.Reasons))
            : Assert.IsType<ModuleLoad.Loaded>(load).Module;
    }
}

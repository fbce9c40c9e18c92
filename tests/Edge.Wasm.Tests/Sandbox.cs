using System.Diagnostics.Metrics;
using Edge.Wasm.Capabilities;
using Edge.Wasm.Faults;
using Edge.Wasm.Instances;
using Edge.Wasm.Limits;
using Edge.Wasm.Modules;
using Edge.Wasm.Native;
using Microsoft.Extensions.Logging.Abstractions;

namespace Edge.Wasm.Tests;

/// <summary>A module host for one test, and the shortest ways to a module and an instance.</summary>
internal sealed class Sandbox : IDisposable
{
    /// <summary>No deadline of a test that is not about deadlines may be due on a busy machine.</summary>
    public static readonly ModuleLimits Unhurried = new() { Deadline = TimeSpan.FromSeconds(30), StartDeadline = TimeSpan.FromSeconds(60) };

    public Sandbox(params HostImport[] imports)
        : this(new ModuleHostOptions { InstancesMax = 64 }, TimeProvider.System, imports)
    {
    }

    public Sandbox(ModuleHostOptions options, TimeProvider time, params HostImport[] imports)
        : this(options, time, AddressSpace.CanReserve, null, imports)
    {
    }

    public Sandbox(ModuleHostOptions options, TimeProvider time, Func<ulong, bool> canReserve, IMeterFactory? meters, params HostImport[] imports) =>
        Host = new(options, time, NullLoggerFactory.Instance, meters, [.. HostImports.All, .. imports], canReserve);

    public ModuleHost Host { get; }

    /// <summary>The text of a fixture, named by its path in this project.</summary>
    public static string Fixture(string path) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, path));

    public static InstanceOptions Options(ModuleLimits? limits = null) => new()
    {
        Tenant = "acme",
        Module = "guest",
        Limits = limits ?? Unhurried,
        Grants = CapabilitySet.None,
        Log = NullLogger.Instance,
    };

    public CompiledModule Load(string text) => Host.Load(WebAssemblyText.ToWasm(text)) switch
    {
        ModuleLoad.Loaded loaded => loaded.Module,
        ModuleLoad.Rejected rejected => throw new InvalidOperationException(string.Join("\n", rejected.Reasons)),
        var other => throw new InvalidOperationException(other.ToString()),
    };

    public IReadOnlyList<string> Rejected(string text) => Assert.IsType<ModuleLoad.Rejected>(Host.Load(WebAssemblyText.ToWasm(text))).Reasons;

    public ModuleInstance Start(string text, ModuleLimits? limits = null) => Start(Load(text), Options(limits));

    public ModuleInstance Start(CompiledModule module, InstanceOptions options) =>
        Host.Create(module, options, out var fault) ?? throw new InvalidOperationException(fault!.Message);

    public GuestFault StartFails(string text, ModuleLimits? limits = null)
    {
        Assert.Null(Host.Create(Load(text), Options(limits), out var fault));
        return fault!;
    }

    public void Dispose() => Host.Dispose();
}

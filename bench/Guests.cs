using Edge.Wasm;
using Edge.Wasm.Capabilities;
using Edge.Wasm.Instances;
using Edge.Wasm.Limits;
using Edge.Wasm.Modules;
using Microsoft.Extensions.Logging.Abstractions;

namespace Edge.Bench;

/// <summary>The module host as the node makes it, and modules in it.</summary>
internal static class Guests
{
    /// <summary>A host; without a folder nothing is cached.</summary>
    public static ModuleHost NewHost(string? cacheFolder = null) => new(
        new ModuleHostOptions { CacheFolder = cacheFolder, CacheKey = new byte[32] }, TimeProvider.System, NullLoggerFactory.Instance);

    /// <summary>Loads a module.</summary>
    /// <exception cref="BenchException">The host refuses it.</exception>
    public static CompiledModule Load(ModuleHost host, byte[] wasm) => host.Load(wasm) switch
    {
        ModuleLoad.Loaded loaded => loaded.Module,
        ModuleLoad.Rejected rejected => throw new BenchException($"The module host refuses the module: {string.Join(" ", rejected.Reasons)}"),
        var other => throw new BenchException($"Unknown outcome {other}."),
    };

    /// <summary>Makes an instance.</summary>
    /// <exception cref="BenchException">It does not start.</exception>
    public static ModuleInstance Create(ModuleHost host, CompiledModule module, InstanceOptions options) =>
        host.Create(module, options, out var fault) ?? throw new BenchException($"No instance: {fault!.Message}");

    /// <summary>Options as of a module without a manifest's limits, but for the number of instances.</summary>
    public static InstanceOptions Options(string config = "", params string[] grants) => new()
    {
        Tenant = "bench",
        Module = "bench",
        Limits = new ModuleLimits { InstancesMax = 20_000 },
        Grants = new CapabilitySet([.. grants.Select(Parse)]),
        Config = System.Text.Encoding.UTF8.GetBytes(config),
        Log = NullLogger.Instance,
    };

    /// <summary>Ends the benchmark when a call failed.</summary>
    public static void Require(CallOutcome outcome)
    {
        if (outcome.Fault is { } fault) throw new BenchException($"The guest failed: {fault.Message}");
    }

    private static Capability Parse(string text) =>
        Capability.TryParse(text, out var grant, out var error) ? grant! : throw new BenchException(error!);
}

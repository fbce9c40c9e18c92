using Edge.Wasm;
using Edge.Wasm.Modules;
using Microsoft.Extensions.Logging;

namespace Edge.Actors.Modules;

/// <summary>What came of deploying a module.</summary>
/// <param name="Spec">The module.</param>
/// <param name="Slot">Its place, or null when it was refused.</param>
/// <param name="Reasons">Why it was refused.</param>
internal sealed record ModuleDeployed(ModuleSpec Spec, ModuleSlot? Slot, IReadOnlyList<string> Reasons);

/// <summary>Reads and compiles modules, off any actor's turn. Makes the module host when the first module's bytes are there, so that a node without modules never loads Wasmtime.</summary>
internal sealed class ModuleLoader(EdgeSystemOptions options) : IDisposable
{
    private readonly Lock _gate = new();
    private ModuleHost? _host;

    /// <summary>Deploys a module: blocking. Refusals are values.</summary>
    public ModuleDeployed Deploy(ModuleSpec spec)
    {
        byte[] wasm;
        try
        {
            wasm = File.ReadAllBytes(spec.File);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return new(spec, null, [$"Module '{spec.Id}': its file {spec.File} cannot be read: {unreadable.Message} Correct spec.file and start again."]);
        }

        var host = Host();
        var load = host.Load(wasm);
        if (load is ModuleLoad.Rejected rejected)
            return new(spec, null, [.. rejected.Reasons.Select(r => $"Module '{spec.Id}' ({spec.File}): {r}")]);
        var module = ((ModuleLoad.Loaded)load).Module;
        var tenant = options.Site.Tenants.First(t => t.Name == spec.Id.Tenant);
        var reasons = ModuleDeployment.Check(spec, tenant, module, options.Site.Channels.Any(c => c.Module == spec.Id));
        if (reasons.Count > 0)
        {
            module.Dispose();
            return new(spec, null, reasons);
        }

        return new(spec, new(
            spec, spec.Limits.CappedBy(tenant.Limits), module, host, options.FilesRoot?.Invoke(spec.Id.Tenant), options.Gpio,
            options.Logs.CreateLogger($"Edge.Guest.{spec.Id.Tenant}.{spec.Id.Name}")), []);
    }

    /// <summary>Ends the module host; after all instances and slots.</summary>
    public void Dispose() => _host?.Dispose();

    private ModuleHost Host()
    {
        lock (_gate) return _host ??= options.ModuleHost();
    }
}

using Edge.Wasm;
using Edge.Wasm.Modules;
using Microsoft.Extensions.Logging;

namespace Edge.Actors.Modules;

/// <summary>What came of deploying a module.</summary>
/// <param name="Spec">The module.</param>
/// <param name="Slot">Its place, or null when it was refused.</param>
/// <param name="Reasons">Why it was refused.</param>
internal sealed record ModuleDeployed(ModuleSpec Spec, ModuleSlot? Slot, IReadOnlyList<string> Reasons);

/// <summary>
/// Reads and compiles modules, off any actor's turn, and owns what comes of it. Makes the module host when the first module's bytes are there, so that a node without modules
/// never loads Wasmtime. Its end waits for what still compiles: native code would otherwise go on in an engine that is gone.
/// </summary>
internal sealed class ModuleLoader(EdgeSystemOptions options) : IDisposable
{
    private readonly ReaderWriterLockSlim _life = new();
    private readonly Lock _gate = new();
    private readonly List<ModuleSlot> _slots = [];
    private ModuleHost? _host;
    private bool _ended;

    /// <summary>Deploys a module: blocking; several may run at once. Refusals are values.</summary>
    public ModuleDeployed Deploy(ModuleSpec spec, SiteManifest site)
    {
        _life.EnterReadLock();
        try
        {
            return _ended ? new(spec, null, [$"Module '{spec.Id}' is not deployed: the node stops."]) : Read(spec, site);
        }
        finally
        {
            _life.ExitReadLock();
        }
    }

    /// <summary>Ends a slot that no channel uses any more.</summary>
    public void Unload(ModuleSlot slot)
    {
        lock (_gate)
        {
            // Not there: the loader ended it already.
            if (_slots.Remove(slot)) slot.Dispose();
        }
    }

    /// <summary>Ends slots and module host; after all instances.</summary>
    public void Dispose()
    {
        _life.EnterWriteLock();
        _ended = true;
        lock (_gate)
        {
            foreach (var slot in _slots) slot.Dispose();
            _slots.Clear();
        }

        _host?.Dispose();
        _life.ExitWriteLock();
    }

    private ModuleDeployed Read(ModuleSpec spec, SiteManifest site)
    {
        try
        {
            return Load(spec, site, File.ReadAllBytes(spec.File));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return new(spec, null, [$"Module '{spec.Id}': its file {spec.File} cannot be read: {unreadable.Message} Correct spec.file and start again."]);
        }
    }

    private ModuleDeployed Load(ModuleSpec spec, SiteManifest site, byte[] wasm)
    {
        var host = Host();
        var load = host.Load(wasm);
        if (load is ModuleLoad.Rejected rejected)
            return new(spec, null, [.. rejected.Reasons.Select(r => $"Module '{spec.Id}' ({spec.File}): {r}")]);
        var module = ((ModuleLoad.Loaded)load).Module;
        var tenant = site.Tenants.First(t => t.Name == spec.Id.Tenant);
        var reasons = ModuleDeployment.Check(spec, tenant, module, site.Channels.Any(c => c.Module == spec.Id));
        if (reasons.Count > 0)
        {
            module.Dispose();
            return new(spec, null, reasons);
        }

        var slot = new ModuleSlot(
            spec, spec.Limits.CappedBy(tenant.Limits), module, host, options.FilesRoot?.Invoke(spec.Id.Tenant), options.Gpio,
            options.Logs.CreateLogger($"Edge.Guest.{spec.Id.Tenant}.{spec.Id.Name}"));
        lock (_gate) _slots.Add(slot);
        return new(spec, slot, []);
    }

    private ModuleHost Host()
    {
        lock (_gate) return _host ??= options.ModuleHost();
    }
}

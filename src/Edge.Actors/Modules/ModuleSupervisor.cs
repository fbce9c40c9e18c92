using Edge.Actors.Diagnostics;
using Edge.Actors.Placement;
using Edge.Messages.Modules;
using Microsoft.Extensions.Logging;
using Proto;
using Proto.Timers;

namespace Edge.Actors.Modules;

/// <summary>
/// A node's modules: deploys each declared one, gives its slot to the channels that ask, and keeps the record of how it behaves
/// (<see cref="ModuleHealth"/>). Instances live in its slots; the channels call them.
/// </summary>
internal sealed partial class ModuleSupervisor(TimeProvider time, RunningSite site, ModuleLoader loader, StatusBoard board, ILogger log) : IActor
{
    private static readonly TimeSpan ReviewEvery = TimeSpan.FromSeconds(1);

    private readonly Dictionary<ModuleId, (ModuleSpec Spec, SiteManifest Site, ModuleDeployed? Result)> _modules = [];
    private readonly Dictionary<ModuleId, ModuleHealth> _health = [];
    private readonly List<(ModuleId Module, PID From)> _waiting = [];
    private CancellationTokenSource? _review;

    private TimeSpan Now => time.GetElapsedTime(0, time.GetTimestamp());

    /// <inheritdoc/>
    public Task ReceiveAsync(IContext context) => context.Message switch
    {
        Started => Start(context),
        ChangeModules change => Change(context, change),
        OpenModule open => Open(context, open),
        InstancesFaulted faulted => Faulted(context, faulted),
        ReviewModules => Review(context),
        Stopped => End(),
        Stopping or Restarting => Task.CompletedTask,
        var other => Unexpected(other),
    };

    private Task Start(IContext context)
    {
        foreach (var spec in site.Site.Modules) Deploy(context, spec, site.Site);
        return Task.CompletedTask;
    }

    private Task Change(IContext context, ChangeModules change)
    {
        // An actor that began anew just now has found the new site already.
        var changed = change.Changed.Where(id => !_modules.TryGetValue(id, out var known) || !ReferenceEquals(known.Site, change.Site)).ToHashSet();
        foreach (var id in changed)
        {
            if (_modules.Remove(id, out var old) && old.Result?.Slot is { } slot) loader.Unload(slot);
            _health.Remove(id);
            board.Forget(id);
        }

        foreach (var spec in change.Site.Modules.Where(m => changed.Contains(m.Id))) Deploy(context, spec, change.Site);
        foreach (var (module, from) in _waiting.Where(w => !_modules.ContainsKey(w.Module))) Undeclared(context, from, module);
        _waiting.RemoveAll(w => !_modules.ContainsKey(w.Module));
        context.Respond(new ModulesChanged());
        return Task.CompletedTask;
    }

    private void Deploy(IContext context, ModuleSpec spec, SiteManifest declared)
    {
        _modules[spec.Id] = (spec, declared, null);
        Show(spec.Id);
        context.ReenterAfter(Task.Run(() => loader.Deploy(spec, declared)), async deployed => Deployed(context, declared, await deployed));
    }

    private void Deployed(IContext context, SiteManifest declared, ModuleDeployed deployed)
    {
        var id = deployed.Spec.Id;
        if (!_modules.TryGetValue(id, out var wanted) || !ReferenceEquals(wanted.Site, declared))
        {
            // Declared otherwise while it compiled.
            if (deployed.Slot is { } late) loader.Unload(late);
            return;
        }

        _modules[id] = wanted with { Result = deployed };
        Show(id);
        if (deployed.Slot is { } slot) board.Events.Publish(new EdgeEvent.ModuleReady(id, slot.Digest));
        else
        {
            LogRefused(id.ToString(), string.Join(" ", deployed.Reasons));
            board.Events.Publish(new EdgeEvent.ModuleRefused(id, deployed.Reasons));
        }

        foreach (var (_, from) in _waiting.Where(w => w.Module == id)) Answer(context, from, deployed);
        _waiting.RemoveAll(w => w.Module == id);
    }

    private Task Open(IContext context, OpenModule open)
    {
        if (!_modules.TryGetValue(open.Module, out var deployed))
            Undeclared(context, context.Sender!, open.Module);
        else if (deployed.Result is not { } result) _waiting.Add((open.Module, context.Sender!));
        else Answer(context, context.Sender!, result);
        return Task.CompletedTask;
    }

    private static void Undeclared(IContext context, PID to, ModuleId module) =>
        context.Send(to, new ModuleRefused(module, [$"Module '{module}' is not declared on this node."]));

    private static void Answer(IContext context, PID to, ModuleDeployed deployed) =>
        context.Send(to, deployed.Slot is { } slot ? new ModuleOpened(slot) : new ModuleRefused(deployed.Spec.Id, deployed.Reasons));

    private Task Faulted(IContext context, InstancesFaulted faulted)
    {
        if (!_modules.ContainsKey(faulted.Module)) return Task.CompletedTask;
        if (!_health.TryGetValue(faulted.Module, out var health)) _health.Add(faulted.Module, health = new());
        health.Note(faulted.Channel, faulted.Faults.Count, faulted.Faults is [.., var last] ? last.Message : null, faulted.Rest, Now);
        Show(faulted.Module);
        _review ??= new Scheduler(context, time).SendOnce(ReviewEvery, context.Self, new ReviewModules());
        return Task.CompletedTask;
    }

    private Task Review(IContext context)
    {
        _review = null;
        foreach (var module in _health.Keys) Show(module);
        if (_health.Values.Any(h => h.StateAt(Now) != ModuleState.Ready))
            _review = new Scheduler(context, time).SendOnce(ReviewEvery, context.Self, new ReviewModules());
        return Task.CompletedTask;
    }

    private void Show(ModuleId id)
    {
        var (deployed, health) = (_modules[id].Result, _health.GetValueOrDefault(id));
        var state = deployed switch
        {
            null => ModuleState.Loading,
            { Slot: null } => ModuleState.Refused,
            _ => health?.StateAt(Now) ?? ModuleState.Ready,
        };
        IReadOnlyList<string> reasons = state == ModuleState.Refused ? deployed!.Reasons : health?.LastFault is { } last && state != ModuleState.Ready ? [last] : [];
        board.Show(new ModuleStatus(id, state, deployed?.Slot?.Digest, deployed?.Slot?.Kind, health?.Faults ?? 0, reasons));
    }

    private Task End()
    {
        _review?.Cancel();
        return Task.CompletedTask;
    }

    private Task Unexpected(object? message)
    {
        LogUnexpected(message?.GetType().Name);
        return Task.CompletedTask;
    }

    [LoggerMessage(2030, LogLevel.Error, "Module {Module} is not deployed: {Reasons}")]
    private partial void LogRefused(string module, string reasons);

    [LoggerMessage(2031, LogLevel.Warning, "The module supervisor got a message that it does not know: {Message}")]
    private partial void LogUnexpected(string? message);
}

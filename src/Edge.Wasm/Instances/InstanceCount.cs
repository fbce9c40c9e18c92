using Edge.Wasm.Modules;

namespace Edge.Wasm.Instances;

/// <summary>Live instances of a host, and the right of each instance to be one of them and of its module's.</summary>
internal sealed class InstanceCount(int max)
{
    private int _live;

    /// <summary>Live instances now.</summary>
    public int Live => Volatile.Read(ref _live);

    /// <summary>The most.</summary>
    public int Max { get; } = max;

    /// <summary>Takes one place of the host and one of the module; null, with the reason in words, if either has none.</summary>
    public InstanceLease? TryTake(CompiledModule module, InstanceOptions options, out string? refusal)
    {
        refusal = null;
        if (Interlocked.Increment(ref _live) > Max)
        {
            Interlocked.Decrement(ref _live);
            refusal = $"Module '{options.Module}' gets no instance: this node has {Max} live instances, its most (at most 20 000, and a quarter of vm.max_map_count). Lower maxLiveKeys or move modules to another node.";
            return null;
        }

        if (module.TryEnter(options.Limits.InstancesMax)) return new(this, module);
        Interlocked.Decrement(ref _live);
        refusal = $"Module '{options.Module}' gets no instance: it has {options.Limits.InstancesMax} live ones, the most that limits.instances allows.";
        return null;
    }

    internal void Return() => Interlocked.Decrement(ref _live);
}

/// <summary>A place among the live instances, given back once.</summary>
internal sealed class InstanceLease(InstanceCount count, CompiledModule module)
{
    /// <summary>Gives the place back.</summary>
    public void Return()
    {
        module.Leave();
        count.Return();
    }
}

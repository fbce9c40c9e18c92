using System.Diagnostics.CodeAnalysis;

namespace Edge.Wasm.Instances;

/// <summary>
/// Who runs next: tenants take turns, each in its own order of arrival, and none runs more than its share at once. Pure bookkeeping, under its owner's lock.
/// </summary>
internal sealed class GuestQueue(int share)
{
    private readonly Dictionary<string, Tenant> _tenants = new(StringComparer.Ordinal);
    private readonly Queue<Tenant> _turns = [];

    /// <summary>Jobs that wait, of all tenants.</summary>
    public int WaitingCount { get; private set; }

    /// <summary>Adds a job at the end of its tenant's line.</summary>
    public void Add(string name, IGuestJob job)
    {
        if (!_tenants.TryGetValue(name, out var tenant)) _tenants[name] = tenant = new(name);
        tenant.Waiting.Enqueue(job);
        WaitingCount++;
        LineUp(tenant);
    }

    /// <summary>The job whose turn it is; false when none waits or every tenant that waits has its share.</summary>
    public bool TryTake([NotNullWhen(true)] out IGuestJob? job, [NotNullWhen(true)] out Tenant? tenant)
    {
        job = null;
        if (!_turns.TryDequeue(out tenant)) return false;
        tenant.InTurn = false;
        job = tenant.Waiting.Dequeue();
        WaitingCount--;
        tenant.Running++;
        LineUp(tenant);
        return true;
    }

    /// <summary>A job of <paramref name="tenant"/> has ended. A tenant without jobs is forgotten.</summary>
    public void Done(Tenant tenant)
    {
        tenant.Running--;
        LineUp(tenant);
        if (tenant is { Running: 0, Waiting.Count: 0 }) _tenants.Remove(tenant.Name);
    }

    /// <summary>Takes all jobs that wait, whatever the shares.</summary>
    public IReadOnlyList<IGuestJob> Drain()
    {
        IGuestJob[] jobs = [.. _tenants.Values.SelectMany(t => t.Waiting)];
        foreach (var tenant in _tenants.Values)
        {
            tenant.Waiting.Clear();
            tenant.InTurn = false;
        }

        _turns.Clear();
        WaitingCount = 0;
        return jobs;
    }

    private void LineUp(Tenant tenant)
    {
        if (tenant.InTurn || tenant.Waiting.Count == 0 || tenant.Running >= share) return;
        tenant.InTurn = true;
        _turns.Enqueue(tenant);
    }

    /// <summary>A tenant that has jobs.</summary>
    internal sealed class Tenant(string name)
    {
        public string Name { get; } = name;

        public Queue<IGuestJob> Waiting { get; } = [];

        public int Running { get; set; }

        public bool InTurn { get; set; }
    }
}

using System.Text;
using Edge.Wasm.Capabilities;

namespace Edge.Wasm.HostFunctions;

/// <summary>The grants of one instance, sorted by what a host function asks of them. Immutable.</summary>
internal sealed class GrantTable
{
    private readonly byte[][] _filters;

    public GrantTable(CapabilitySet grants)
    {
        _filters = [.. grants.Grants.OfType<PublishCapability>().Select(grant => Encoding.UTF8.GetBytes(grant.Filter))];
        Lines = [.. grants.Grants.OfType<GpioCapability>()];
        Endpoints = [.. grants.Grants.OfType<NetCapability>()];
        Folders = [.. grants.Grants.OfType<FileCapability>().Where(grant => grant.Folder is not null)];
        Log = grants.Grants.OfType<LogCapability>().Any();
        KvMaxBytes = grants.Grants.OfType<KvCapability>().Select(grant => grant.MaxBytes).DefaultIfEmpty().Max();
        Clock = grants.Grants.OfType<ClockCapability>().FirstOrDefault() ?? new ClockCapability(default, default);
    }

    /// <summary>Whether lines of the guest are logged.</summary>
    public bool Log { get; }

    /// <summary>The widest <c>kv:</c> grant; 0 without one.</summary>
    public long KvMaxBytes { get; }

    /// <summary>The first <c>clock</c> grant; the true clock without one (a module without the grant cannot import a clock).</summary>
    public ClockCapability Clock { get; }

    /// <summary>GPIO grants in the manifest's order: a guest's line number is an index here.</summary>
    public IReadOnlyList<GpioCapability> Lines { get; }

    /// <summary>Hosts and ports for <c>http_fetch</c>.</summary>
    public IReadOnlyList<NetCapability> Endpoints { get; }

    /// <summary>Folders in the manifest's order.</summary>
    public IReadOnlyList<FileCapability> Folders { get; }

    /// <summary>Whether a filter allows publishing to <paramref name="topic"/>; never to the broker's own topics.</summary>
    public bool AllowsTopic(ReadOnlySpan<byte> topic)
    {
        if (topic.StartsWith("$"u8)) return false;
        foreach (var filter in _filters)
            if (PublishTopics.Matches(filter, topic)) return true;
        return false;
    }
}

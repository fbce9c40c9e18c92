using Edge.Actors;
using Edge.Actors.Channels;
using Edge.Actors.Modules;
using Edge.Actors.Tenants;
using Edge.Messages.Channels;
using Edge.Messages.Modules;
using Edge.Messages.Tenants;
using Edge.Node.Configuration.Checks;
using Edge.Node.Configuration.Manifests;
using Edge.Node.Configuration.Yaml;
using Edge.Wasm.Capabilities;
using Edge.Wasm.Limits;

namespace Edge.Node.Configuration;

/// <summary>Makes the records that a node runs on of manifests without mistakes. Pure.</summary>
internal static class SiteSpecs
{
    /// <param name="site">Manifests without mistakes.</param>
    /// <param name="pathOf">Full path of a module's file.</param>
    public static SiteManifest Of(DeclaredSite site, Func<Declared<ModuleManifest>, string> pathOf)
    {
        var tenants = site.Tenants.Select(Tenant).ToList();
        if (tenants.All(tenant => tenant.Name != TenantName.Default)) tenants.Insert(0, TenantDefaults.Default);
        return new SiteManifest(tenants, [.. site.Modules.Select(module => Module(module, pathOf(module)))], [.. site.Channels.Select(channel => Channel(channel, ModuleOf(site, channel)))]);
    }

    public static TenantSpec Tenant(Declared<TenantManifest> tenant) => new()
    {
        Name = new TenantName(tenant.Name!),
        Limits = tenant.Spec.Limits.Over(new ModuleLimits()),
        Capabilities = new CapabilitySet(tenant.Spec.Capabilities),
    };

    private static ModuleSpec Module(Declared<ModuleManifest> module, string path) => new()
    {
        Id = new ModuleId(new TenantName(module.Tenant), module.Name!),
        File = path,
        Config = module.Spec.Config is { } config ? YamlJson.Write(config, new Findings()) : default(ReadOnlyMemory<byte>),
        Capabilities = new CapabilitySet(module.Spec.Capabilities),
        Limits = module.Spec.Limits.Over(new ModuleLimits()),
        Ports = module.Spec.Ports,
    };

    /// <summary>The module that a channel names; null if there is none.</summary>
    public static Declared<ModuleManifest>? ModuleOf(DeclaredSite site, Declared<ChannelManifest> channel) =>
        site.Modules.FirstOrDefault(module => module.Tenant == channel.Tenant && module.Name == channel.Spec.Module);

    private static ChannelSpec Channel(Declared<ChannelManifest> channel, Declared<ModuleManifest>? module)
    {
        var writes = module is not null && module.Spec.Capabilities.Any(capability => capability.WritesToTheWorld);
        var (spec, source, tenant) = (channel.Spec, channel.Spec.Source!, new TenantName(channel.Tenant));
        return new ChannelSpec
        {
            Id = new ChannelId(tenant, channel.Name!),
            Topic = source.Topic!,
            Module = new ModuleId(tenant, spec.Module!),
            Payload = Payload(source.Payload),
            Time = source.Time is { } time ? new TimeSpec { Field = Field(time), Unit = time.Unit.ToString().ToLowerInvariant() } : new TimeSpec(),
            Key = source.Key is { } key ? new KeySpec { TopicLevel = key.TopicLevel, Field = key.TopicLevel is null ? Field(key) : null } : null,
            Sequence = source.Sequence is { } sequence ? Field(sequence) : null,
            LateTolerance = source.LateTolerance,
            RateHz = spec.Rate,
            Block = spec.Block is { } block ? new BlockSpec { Count = block.Count ?? 1, Every = block.Every } : new BlockSpec(),
            SampleType = spec.SampleType,
            MaxLiveKeys = spec.MaxLiveKeys,
            Ports = spec.Ports.ToDictionary(port => port.Key, port => Port(port.Value)),
            Queue = new QueueSpec { Max = spec.Queue.Max, OnFull = spec.Queue.OnFull },
            Commit = new CommitSpec { Every = spec.Commit.Every, Readings = spec.Commit.Readings },
            DeadLetters = spec.DeadLetters is { } dead ? new DeadLetterSpec { Topic = dead.Topic!, PerSecond = dead.PerSecond } : null,
            Durability = spec.Durability,
            OnPartition = spec.OnPartition ?? (writes ? OnPartition.Hold : OnPartition.Continue),
            Placement = new ChannelPlacement { Labels = spec.Placement.Labels, Prefer = spec.Placement.Prefer, AntiAffinity = spec.Placement.AntiAffinity, Node = spec.Placement.Node },
        };
    }

    private static PayloadSpec Payload(PayloadManifest payload) => new()
    {
        Format = payload.Format,
        Path = payload.Path ?? "",
        Column = payload.Column,
        Scale = payload.Scale,
        Offset = payload.Offset,
        MaxBytes = (int)payload.Max,
    };

    private static FieldSpec Field(FieldManifest field) => new() { Path = field.Path, Column = field.Column, Property = field.Property };

    private static PortSpec Port(PortManifest port) => new()
    {
        Topic = port.Topic!,
        Format = port.Format,
        Type = port.Type,
        Qos = (byte)port.Qos,
        Retain = port.Retain,
    };
}

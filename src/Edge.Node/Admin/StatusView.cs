using System.Text.Json.Serialization;
using Edge.Actors;
using Edge.Actors.Channels;
using Edge.Node.Storage;

namespace Edge.Node.Admin;

/// <summary>What <c>GET /api/v1/status</c> answers: the node and everything declared on it, in wire names.</summary>
internal sealed record StatusView(
    string Version, double UptimeS, string Status, string Mqtt, int MqttSessions, IntakeView? Intake, IReadOnlyList<ModuleView> Modules, IReadOnlyList<ChannelView> Channels)
{
    public static IReadOnlyList<ModuleView> ModulesOf(SystemStatus system) =>
        [.. system.Modules.Select(module => new ModuleView(
            module.Id.Tenant.Value, module.Id.Name, Wire(module.State), module.Digest?.ToString(), module.Kind is { } kind ? Wire(kind) : null, module.Faults, module.Reasons))];

    public static IReadOnlyList<ChannelView> ChannelsOf(SystemStatus system) =>
        [.. system.Channels.Select(channel => new ChannelView(
            channel.Id.Tenant.Value, channel.Id.Name, Wire(channel.State), channel.Reason, Cursors(channel.Position), Cursors(channel.Committed), channel.Lag, channel.LiveKeys,
            channel.Counts.Readings, channel.Counts.Blocks, channel.Counts.Outputs, channel.Counts.Dropped))];

    private static Dictionary<string, long> Cursors(Position position) => new(position.Cursors);

    private static string Wire<T>(T value)
        where T : struct, Enum => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}

/// <summary>The intake log.</summary>
internal sealed record IntakeView(string State, string? Problem, long Bytes, long CapBytes, long FirstSequence, long LastSequence, int DamagedPlaces)
{
    public static IntakeView Of(IntakeLog log)
    {
        var health = log.Health;
        return new(
            System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(health.State.ToString()), health.Problem, health.Bytes, health.CapBytes, log.First, log.Last, health.Damage.Count);
    }
}

/// <summary>A module.</summary>
internal sealed record ModuleView(string Tenant, string Name, string State, string? Digest, string? Kind, long Faults, IReadOnlyList<string> Reasons);

/// <summary>A channel. Positions are sequences by intake log.</summary>
internal sealed record ChannelView(
    string Tenant, string Name, string State, string? Reason, IReadOnlyDictionary<string, long> Position, IReadOnlyDictionary<string, long> Committed, long Lag, int LiveKeys, long Readings, long Blocks, long Outputs, IReadOnlyDictionary<string, long> Dropped);

/// <summary>What <c>/healthz</c> and <c>/readyz</c> answer.</summary>
internal sealed record HealthView(string Status, IReadOnlyList<PartView> Parts)
{
    public static HealthView Of(NodeHealth health) =>
        new(health.Status, [.. health.Parts.Select(part => new PartView(part.Part, part.Condition.ToString().ToLowerInvariant(), part.Reason))]);
}

/// <summary>A part that is not ok.</summary>
internal sealed record PartView(string Part, string Condition, string? Reason);

/// <summary>JSON without reflection: it starts faster.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StatusView))]
[JsonSerializable(typeof(HealthView))]
internal sealed partial class AdminJson : JsonSerializerContext;

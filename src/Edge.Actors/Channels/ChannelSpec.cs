using Edge.Messages.Channels;
using Edge.Messages.Modules;
using Edge.Wasm.Instances;

namespace Edge.Actors.Channels;

/// <summary>A channel as its manifest states it: topic in, window, module, ports out.</summary>
public sealed record ChannelSpec
{
    /// <summary>The channel.</summary>
    public required ChannelId Id { get; init; }

    /// <summary>MQTT topic filter (MQTT 5 §4.7) below the tenant's topic space.</summary>
    public required string Topic { get; init; }

    /// <summary>The module that each key's instance is made of.</summary>
    public required ModuleId Module { get; init; }

    /// <summary>How a payload becomes samples. For handlers the payload goes to the guest as it came, and this is checked only for key, time and sequence fields.</summary>
    public PayloadSpec Payload { get; init; } = new();

    /// <summary>Where a reading's time comes from.</summary>
    public TimeSpec Time { get; init; } = new();

    /// <summary>What tells streams apart; null: the whole channel is one stream.</summary>
    public KeySpec? Key { get; init; }

    /// <summary>Where a reading's own number is, for duplicate removal; null: QoS 1's at-least-once shows.</summary>
    public FieldSpec? Sequence { get; init; }

    /// <summary>Samples per second of each key's stream; 0 if irregular. Gives each sample of a multi-sample reading its time, and the guest its rate.</summary>
    public double RateHz { get; init; }

    /// <summary>How samples are gathered for one <c>edge_stream</c> call. Ignored by handlers, which are called once per message.</summary>
    public BlockSpec Block { get; init; } = new();

    /// <summary>Type of the samples that the guest gets. Default f32.</summary>
    public SampleType SampleType { get; init; } = SampleType.F32;

    /// <summary>Keys with a live instance; the least recently used is snapshotted and evicted past it. Default 1 000; 1–20 000.</summary>
    public int MaxLiveKeys { get; init; } = 1_000;

    /// <summary>Port name → where its output goes. A port without an entry is dropped and counted.</summary>
    public IReadOnlyDictionary<string, PortSpec> Ports { get; init; } = new Dictionary<string, PortSpec>();

    /// <summary>Readings waiting for the channel.</summary>
    public QueueSpec Queue { get; init; } = new();

    /// <summary>How often state is committed.</summary>
    public CommitSpec Commit { get; init; } = new();

    /// <summary>Where samples of refused readings go; null: they are only counted.</summary>
    public DeadLetterSpec? DeadLetters { get; init; }

    /// <summary>Readings older than the newest of their key by more than this are late: counted, dead-lettered, not processed. Default 0: time may not go back.</summary>
    public TimeSpan LateTolerance { get; init; }

    /// <summary>When a QoS 1 or 2 reading is acknowledged. Default local.</summary>
    public Durability Durability { get; init; } = Durability.Local;

    /// <summary>Which nodes may run it. Default any.</summary>
    public ChannelPlacement Placement { get; init; } = new();

    /// <summary>What it does on a node that cannot reach the site. Default continue; always hold for a module that may write to the world.</summary>
    public OnPartition OnPartition { get; init; } = OnPartition.Continue;

    /// <summary>Whether another says the same: then a running channel need not begin anew. Where it may run is no part of it.</summary>
    public bool IsSame(ChannelSpec other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return this with { Ports = other.Ports, Placement = other.Placement } == other
            && Ports.Count == other.Ports.Count && Ports.All(p => other.Ports.TryGetValue(p.Key, out var port) && port == p.Value);
    }
}

/// <summary>Formats of a payload.</summary>
public enum PayloadFormat
{
    /// <summary>JSON: a number, or what <see cref="PayloadSpec.Path"/> points to: a number or an array of numbers.</summary>
    Json,

    /// <summary>One line of comma-separated values; <see cref="PayloadSpec.Column"/> picks one, else all.</summary>
    Csv,

    /// <summary>Little-endian 16-bit integers.</summary>
    I16,

    /// <summary>Little-endian 32-bit integers.</summary>
    I32,

    /// <summary>Little-endian 32-bit floats.</summary>
    F32,

    /// <summary>Little-endian 64-bit floats.</summary>
    F64,

    /// <summary>Not decoded: for handlers.</summary>
    Bytes,
}

/// <summary>How a payload becomes samples.</summary>
public sealed record PayloadSpec
{
    /// <summary>Default json.</summary>
    public PayloadFormat Format { get; init; } = PayloadFormat.Json;

    /// <summary>Dotted path into a JSON object, such as <c>data.values</c>; empty: the document itself.</summary>
    public string Path { get; init; } = "";

    /// <summary>Zero-based CSV column; null: every column is a sample.</summary>
    public int? Column { get; init; }

    /// <summary>Samples are multiplied by this, then <see cref="Offset"/> is added.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>Added after scaling.</summary>
    public double Offset { get; init; }

    /// <summary>Longest payload in bytes. Default 64 KiB; 1 B–1 MiB. A longer one is malformed.</summary>
    public int MaxBytes { get; init; } = 64 << 10;
}

/// <summary>Names a field of a reading: one of a JSON path, a CSV column, or an MQTT 5 user property.</summary>
public sealed record FieldSpec
{
    /// <summary>Dotted JSON path.</summary>
    public string? Path { get; init; }

    /// <summary>Zero-based CSV column.</summary>
    public int? Column { get; init; }

    /// <summary>Name of a user property.</summary>
    public string? Property { get; init; }
}

/// <summary>Where a reading's time comes from.</summary>
public sealed record TimeSpec
{
    /// <summary>Null: the time at which the node took the reading in.</summary>
    public FieldSpec? Field { get; init; }

    /// <summary>Of numeric times: <c>s</c>, <c>ms</c>, <c>us</c> or <c>ns</c> since 1970; text is read as ISO 8601. Default ms.</summary>
    public string Unit { get; init; } = "ms";
}

/// <summary>What tells streams apart: a topic level, or a field.</summary>
public sealed record KeySpec
{
    /// <summary>Zero-based level of the topic.</summary>
    public int? TopicLevel { get; init; }

    /// <summary>A field of the reading.</summary>
    public FieldSpec? Field { get; init; }
}

/// <summary>How samples are gathered: by count, or by time. Exactly one is set; default 1 sample.</summary>
public sealed record BlockSpec
{
    /// <summary>Samples in a block. 1–65 536.</summary>
    public int Count { get; init; } = 1;

    /// <summary>Length of a block in the readings' own time, aligned to the epoch; null: by count. 1 ms–1 h.</summary>
    public TimeSpan? Every { get; init; }
}

/// <summary>How a port's bytes become a payload.</summary>
public enum PortFormat
{
    /// <summary>As the guest emitted them.</summary>
    Bytes,

    /// <summary><c>{"t": time in µs, "v": [numbers]}</c> from little-endian numbers of <see cref="PortSpec.Type"/>.</summary>
    Json,

    /// <summary>Numbers of <see cref="PortSpec.Type"/> separated by commas.</summary>
    Csv,
}

/// <summary>Where a port's output goes.</summary>
public sealed record PortSpec
{
    /// <summary>Topic below the tenant's topic space; <c>{key}</c>, <c>{topic}</c> and <c>{topic.N}</c> (the N-th level of the input topic) are filled in.</summary>
    public required string Topic { get; init; }

    /// <summary>Default bytes.</summary>
    public PortFormat Format { get; init; } = PortFormat.Bytes;

    /// <summary>Type of the emitted numbers, for json and csv. Default f32.</summary>
    public SampleType Type { get; init; } = SampleType.F32;

    /// <summary>0, 1 or 2. Default 0.</summary>
    public byte Qos { get; init; }

    /// <summary>Default false.</summary>
    public bool Retain { get; init; }
}

/// <summary>What happens to a QoS 0 reading when the queue is full. (QoS 1 and 2 stay in the intake log, and the broker stops reading the socket.)</summary>
public enum QueueFullPolicy
{
    /// <summary>The oldest waiting QoS 0 reading is dropped and counted.</summary>
    DropOldest,

    /// <summary>The arriving QoS 0 reading is dropped and counted.</summary>
    DropNewest,
}

/// <summary>Readings waiting for a channel.</summary>
public sealed record QueueSpec
{
    /// <summary>Default 10 000; 1–1 000 000 readings.</summary>
    public int Max { get; init; } = 10_000;

    /// <summary>Default dropOldest.</summary>
    public QueueFullPolicy OnFull { get; init; } = QueueFullPolicy.DropOldest;
}

/// <summary>How often a channel's state is committed; whichever comes first.</summary>
public sealed record CommitSpec
{
    /// <summary>Default 1 s; 10 ms–1 min.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Default 10 000; 1–1 000 000 readings.</summary>
    public int Readings { get; init; } = 10_000;
}

/// <summary>Where refused readings go, sampled.</summary>
public sealed record DeadLetterSpec
{
    /// <summary>Topic below the tenant's topic space.</summary>
    public required string Topic { get; init; }

    /// <summary>At most this many a second (the rest is only counted). Poison messages are always sent. Default 10; 0–1 000.</summary>
    public int PerSecond { get; init; } = 10;
}

using Edge.Actors.Channels;
using Edge.Node.Configuration.Fields;
using Edge.Wasm.Instances;

namespace Edge.Node.Configuration.Manifests;

/// <summary><c>spec</c> of a Channel: topic in, window, module, ports out.</summary>
internal sealed record ChannelManifest
{
    [Section("Where readings come from and how they are read.", Required = true)]
    public SourceManifest? Source { get; init; }

    [Rate("Samples per second of each key's stream; 0 if irregular. Gives each sample of a message its time, and the module its rate.", "0", "1000kHz")]
    public double Rate { get; init; }

    [Section("How samples are gathered for one call of a stream module; without it each sample is one. Handler modules are called once per message and ignore it.")]
    public BlockManifest? Block { get; init; }

    [OneOf("Type of the samples that a stream module gets.", typeof(SampleType))]
    public SampleType SampleType { get; init; } = SampleType.F32;

    [Name("The Module of the same tenant that is called. Each key has an instance of its own.", Required = true)]
    public string? Module { get; init; }

    [WholeNumber("Keys with a live instance. Past it the least recently used is stored and its instance ended; it comes back with its next reading.", 1, 20_000)]
    public int MaxLiveKeys { get; init; } = 1_000;

    [Section("Port name → where its output goes. A port of the module that is not listed is dropped and counted.")]
    public IReadOnlyDictionary<string, PortManifest> Ports { get; init; } = new Dictionary<string, PortManifest>();

    [Section("Readings that wait for the channel.")]
    public QueueManifest Queue { get; init; } = new();

    [Section("How often state and position are stored; whichever comes first.")]
    public CommitManifest Commit { get; init; } = new();

    [Section("Where refused readings go; without it they are only counted.")]
    public DeadLettersManifest? DeadLetters { get; init; }

    [OneOf("When a QoS 1 or 2 reading is acknowledged: local, once it is on stable storage of the node that took it in; replicated, once a second node has it too, so that a dead node delays nothing.", typeof(Durability))]
    public Durability Durability { get; init; } = Durability.Local;

    [Section("Which nodes may run the channel; without it any that has room.")]
    public PlacementManifest Placement { get; init; } = new();

    [OneOf("What the channel does on a node that cannot reach the site: continue goes on reading and computing; hold stops until the node is a member again. Without it hold for a module that may write to the world (gpio:…:out, net), which may not continue, and continue for any other.", typeof(OnPartition))]
    public OnPartition? OnPartition { get; init; }
}

/// <summary><c>placement</c>.</summary>
internal sealed record PlacementManifest
{
    [Label("Labels that a node must have.")]
    public IReadOnlyList<Label> Labels { get; init; } = [];

    [Label("Labels that a node should have; of several nodes the one with the most of them is taken.")]
    public IReadOnlyList<Label> Prefer { get; init; } = [];

    [Name("Channels of the same tenant that should run on other nodes than this one.")]
    public IReadOnlyList<string> AntiAffinity { get; init; } = [];

    [Name("The one node that may run it, by its name. A pinned channel does not fail over: while the node is gone it runs nowhere.")]
    public string? Node { get; init; }
}

/// <summary><c>block</c>.</summary>
[ExactlyOne("count", "every")]
internal sealed record BlockManifest
{
    [WholeNumber("Samples in a block.", 1, 65_536)]
    public int? Count { get; init; }

    [Duration("Length of a block in the readings' own time, aligned to 1970-01-01T00:00Z.", "1ms", "1h")]
    public TimeSpan? Every { get; init; }
}

/// <summary><c>ports.NAME</c>.</summary>
internal sealed record PortManifest
{
    [TopicTemplate("Topic to publish to. {key} is the reading's key, {topic} its topic, {topic.N} the N-th level of its topic, from 0.", Required = true)]
    public string? Topic { get; init; }

    [OneOf("How the emitted bytes become a payload: bytes as they are; json {\"t\": time in µs, \"v\": [numbers]}; csv numbers separated by commas.", typeof(PortFormat))]
    public PortFormat Format { get; init; } = PortFormat.Bytes;

    [OneOf("Type of the emitted numbers, for json and csv.", typeof(SampleType))]
    public SampleType Type { get; init; } = SampleType.F32;

    [WholeNumber("MQTT quality of service.", 0, 2)]
    public int Qos { get; init; }

    [YesNo("Whether the broker keeps the last message for new subscribers.")]
    public bool Retain { get; init; }
}

/// <summary><c>queue</c>.</summary>
internal sealed record QueueManifest
{
    [WholeNumber("Readings that may wait. When full, the broker stops reading from QoS 1 and 2 publishers, and onFull says what happens to QoS 0.", 1, 1_000_000)]
    public int Max { get; init; } = 10_000;

    [OneOf("Which QoS 0 reading is dropped, and counted, when the queue is full.", typeof(QueueFullPolicy))]
    public QueueFullPolicy OnFull { get; init; } = QueueFullPolicy.DropOldest;
}

/// <summary><c>commit</c>.</summary>
internal sealed record CommitManifest
{
    [Duration("Longest time between two commits.", "10ms", "1m")]
    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(1);

    [WholeNumber("Most readings between two commits.", 1, 1_000_000)]
    public int Readings { get; init; } = 10_000;
}

/// <summary><c>deadLetters</c>.</summary>
internal sealed record DeadLettersManifest
{
    [TopicTemplate("Topic to publish them to, with the reason.", Placeholders = false, Required = true)]
    public string? Topic { get; init; }

    [WholeNumber("Most of them per second; the rest is only counted. Messages that the module fails on are always sent.", 0, 1_000)]
    public int PerSecond { get; init; } = 10;
}

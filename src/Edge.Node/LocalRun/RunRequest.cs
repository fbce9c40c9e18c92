using Edge.Wasm.Capabilities;
using Edge.Wasm.Instances;

namespace Edge.Node.LocalRun;

/// <summary>What <c>edge run</c> was asked: a module and what it is given.</summary>
internal sealed record RunRequest
{
    /// <summary>The <c>.wasm</c> file.</summary>
    public required string File { get; init; }

    /// <summary>What the module may do.</summary>
    public required CapabilitySet Grants { get; init; }

    /// <summary>Bytes for <c>edge_init</c>.</summary>
    public ReadOnlyMemory<byte> Config { get; init; }

    /// <summary>A command's arguments.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>The folder that <c>fs:</c> grants are below.</summary>
    public string? FilesRoot { get; init; }

    /// <summary>Where key-value pairs are kept; null keeps nothing.</summary>
    public string? KvPath { get; init; }

    /// <summary>Limit for each call.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Topic of a handler's messages.</summary>
    public string Topic { get; init; } = "local/input";

    /// <summary>Samples per second of a stream; 0 is irregular.</summary>
    public double RateHz { get; init; }

    /// <summary>Samples of a stream's block.</summary>
    public int Block { get; init; } = 256;

    /// <summary>Type of a stream's samples.</summary>
    public SampleType Type { get; init; }

    /// <summary>Column of a stream's input.</summary>
    public string? Column { get; init; }

    /// <summary>Whether a codec encodes; else it decodes.</summary>
    public bool Encode { get; init; }

    /// <summary>An http module's request as <c>METHOD /path</c>; null when the input is the whole request.</summary>
    public string? HttpTarget { get; init; }

    /// <summary>How payloads are shown, one of <see cref="PayloadText.Forms"/>.</summary>
    public string Show { get; init; } = "auto";
}

using Edge.Actors.Diagnostics;
using Edge.Wasm.Faults;

namespace Edge.Actors.Channels;

/// <summary>What one turn of a <see cref="ChannelPipeline"/> on a guest thread came to.</summary>
internal sealed class ChannelRun(int from)
{
    /// <summary>Index of the first reading of the batch that was not processed.</summary>
    public int Next { get; set; } = from;

    /// <summary>Messages to hand to the broker, in order.</summary>
    public List<OutboundMessage> Outputs { get; } = [];

    /// <summary>When the readings behind <see cref="Outputs"/> arrived; empty when nobody looks at latency.</summary>
    public List<long> ArrivalsUs { get; } = [];

    /// <summary>Bytes of <see cref="Outputs"/>.</summary>
    public long OutputBytes { get; set; }

    /// <summary>Successful guest calls.</summary>
    public int Blocks { get; set; }

    /// <summary>Not zero: the module faults so often that nothing more may run before this time has passed.</summary>
    public TimeSpan RetryAfter { get; set; }

    /// <summary>Why <see cref="RetryAfter"/>.</summary>
    public string? Reason { get; set; }

    /// <summary>Faults, for the module's supervisor.</summary>
    public List<GuestFault> Faults { get; } = [];

    /// <summary>What happened, for those who listen.</summary>
    public List<EdgeEvent> Events { get; } = [];
}

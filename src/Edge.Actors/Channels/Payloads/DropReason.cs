namespace Edge.Actors.Channels.Payloads;

/// <summary>Why a reading is not processed: a value of the metric tag <c>reason</c>.</summary>
internal enum DropReason
{
    /// <summary>Older than the newest of its key by more than the tolerance.</summary>
    Late,

    /// <summary>Its sequence number was seen before.</summary>
    Duplicate,

    /// <summary>Payload, time, key or sequence cannot be read.</summary>
    Malformed,

    /// <summary>A QoS 0 reading found the queue full.</summary>
    Overflow,

    /// <summary>It made the module fault.</summary>
    Poison,

    /// <summary>The module returned an error for it.</summary>
    GuestError,

    /// <summary>Its effect on the state was given up because replaying it failed again and again.</summary>
    Replay,

    /// <summary>An output that has no topic, or bytes that its format cannot show.</summary>
    Output,
}

/// <summary>Names of <see cref="DropReason"/>s as they appear in metrics and dead letters.</summary>
internal static class DropReasons
{
    /// <summary>By value.</summary>
    public static readonly string[] Names = ["late", "duplicate", "malformed", "overflow", "poison", "guest_error", "replay", "output"];

    /// <summary>The reason's word.</summary>
    public static string Name(this DropReason reason) => Names[(int)reason];
}

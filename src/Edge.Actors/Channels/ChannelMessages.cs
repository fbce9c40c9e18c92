namespace Edge.Actors.Channels;

/// <summary>Asks a channel to process and commit all that it was given. Answered by <see cref="ChannelDrained"/>.</summary>
internal sealed record DrainChannel;

/// <summary>The channel has nothing left.</summary>
/// <param name="Position">What is on stable storage.</param>
internal sealed record ChannelDrained(long Position);

/// <summary>To itself: loads the stored state.</summary>
internal sealed record LoadState;

/// <summary>To itself: looks whether a commit is due.</summary>
internal sealed record CommitTick;

/// <summary>To itself: the pause that faults asked for is over.</summary>
internal sealed record EndRest;

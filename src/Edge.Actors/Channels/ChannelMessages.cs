using Edge.Actors.Placement;

namespace Edge.Actors.Channels;

/// <summary>Asks a channel to process and commit all that it was given. Answered by <see cref="ChannelDrained"/>.</summary>
internal sealed record DrainChannel;

/// <summary>The channel has nothing left.</summary>
/// <param name="Position">What is on stable storage.</param>
internal sealed record ChannelDrained(Position Position);

/// <summary>Asks a channel to take nothing more, commit what it processed, and give its state to the node that comes next, if one does. Answered by <see cref="ChannelReleased"/>; the actor is stopped then.</summary>
/// <param name="Next">That node; null: the channel begins anew here, or somebody else owns it already.</param>
internal sealed record ReleaseChannel(string? Next);

/// <summary>The channel does nothing more.</summary>
/// <param name="Position">What is on stable storage, and with the next node.</param>
/// <param name="Problem">Why that is not all that was processed, or not with the next node; null when it is.</param>
internal sealed record ChannelReleased(Position Position, string? Problem);

/// <summary>Ends a channel at once: nothing more is processed, said or committed. Answered by <see cref="ChannelFenced"/>.</summary>
/// <param name="Reason">Why, for people.</param>
internal sealed record FenceChannel(string Reason);

/// <summary>The channel has ended.</summary>
internal sealed record ChannelFenced;

/// <summary>The channel stays as it is, with another standby or other intake logs.</summary>
internal sealed record RetargetChannel(ChannelOwner Owner, IReadOnlyList<string> Logs);

/// <summary>To itself: loads the stored state.</summary>
internal sealed record LoadState;

/// <summary>To itself: looks whether a commit is due.</summary>
internal sealed record CommitTick;

/// <summary>To itself: the pause that faults asked for is over.</summary>
internal sealed record EndRest;

/// <summary>To itself: asks again for readings that were refused.</summary>
internal sealed record PullAgain;

using Edge.Actors.Channels;
using Edge.Messages.Channels;
using Edge.Messages.Modules;
using Edge.Wasm.Faults;

namespace Edge.Actors.Diagnostics;

/// <summary>A state transition as a value: tests, the console and an audit wait on these, not on log text. The set is closed.</summary>
public abstract record EdgeEvent
{
    /// <summary>A module can make instances.</summary>
    public sealed record ModuleReady(ModuleId Module, ModuleDigest Digest) : EdgeEvent;

    /// <summary>A module may not or cannot run here.</summary>
    public sealed record ModuleRefused(ModuleId Module, IReadOnlyList<string> Reasons) : EdgeEvent;

    /// <summary>A module's state changed between ready, degraded and backing off.</summary>
    public sealed record ModuleHealthChanged(ModuleId Module, Modules.ModuleState State) : EdgeEvent;

    /// <summary>A channel has loaded its state and pulls.</summary>
    public sealed record ChannelStarted(ChannelId Channel, Position Position) : EdgeEvent;

    /// <summary>A channel was asked to stop, and has: its state up to a position is on stable storage, and with the node that comes next if there is one, unless a problem says otherwise.</summary>
    public sealed record ChannelReleased(ChannelId Channel, Position Position, string? Problem) : EdgeEvent;

    /// <summary>A channel's state up to a position is on stable storage.</summary>
    public sealed record ChannelCommitted(ChannelId Channel, Position Position) : EdgeEvent;

    /// <summary>A channel's state up to a position is with another node too.</summary>
    public sealed record ChannelCopied(ChannelId Channel, string Node, Position Position) : EdgeEvent;

    /// <summary>A commit failed; it is tried again, and the log is not trimmed.</summary>
    public sealed record CommitFailed(ChannelId Channel, string Reason, TimeSpan RetryAfter) : EdgeEvent;

    /// <summary>An instance ended by a fault.</summary>
    public sealed record InstanceFaulted(ChannelId Channel, string Key, GuestFault Fault) : EdgeEvent;

    /// <summary>An instance came back from a snapshot, and what came after was replayed.</summary>
    public sealed record InstanceRestored(ChannelId Channel, string Key, int Replayed) : EdgeEvent;

    /// <summary>A channel's health changed.</summary>
    public sealed record ChannelHealthChanged(ChannelId Channel, ChannelState State, string? Reason) : EdgeEvent;

    /// <summary>This node became a member of its site: what needs the right to act may act.</summary>
    public sealed record MembershipGained(string Node, string Member) : EdgeEvent;

    /// <summary>This node is no member any more: what needs the right to act has stopped. It joins again by itself.</summary>
    public sealed record MembershipLost(string Node, string Member, string Reason) : EdgeEvent;

    /// <summary>A node took the lead of the site, with that entry of the book.</summary>
    public sealed record LeadTaken(string Node, ulong Index) : EdgeEvent;

    /// <summary>A node leads the site no more: another took the lead.</summary>
    public sealed record LeadLost(string Node) : EdgeEvent;

    /// <summary>A channel processed and committed all that it was given.</summary>
    public sealed record ChannelDrained(ChannelId Channel, Position Position) : EdgeEvent;
}

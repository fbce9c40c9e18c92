namespace Edge.Cluster.Tests.Simulation;

/// <summary>The rules that keep two nodes from acting at once, each of which a mutant breaks to show that the checkers would see it. Two rules have no mutant, because another one covers for them: that a
/// new leader grants nothing before its own first entry, and that a member once found over is not renewed. Both would need a member's lease that revives after it ran out, which it never does.</summary>
[Flags]
internal enum BrokenRule
{
    None = 0,

    /// <summary>The leader gives members up before their lease ends.</summary>
    ExpiryBelowLease = 1,

    /// <summary>Members count their lease from the answer and not from the question.</summary>
    LeaseFromReceipt = 2,

    /// <summary>A new leader gives up whom it has not heard of yet.</summary>
    NoWaitAfterElection = 4,

    /// <summary>The book carries out what an earlier leader decided.</summary>
    LeadIgnored = 16,

    /// <summary>The next owner starts when the move is committed, not when the old one has stopped.</summary>
    MoveWithoutRelease = 32,

    /// <summary>A removed node's actors are placed anew at once.</summary>
    RemovedIsOver = 64,

    /// <summary>Device writes may last longer than from lease to expiry.</summary>
    UnboundedWrite = 128,

    /// <summary>A copy of a data folder names the running member as ended.</summary>
    FolderNotLocked = 512,

    /// <summary>A member acts on without looking at its lease.</summary>
    LeaseNotChecked = 1024,
}

/// <summary>A run that broke an invariant.</summary>
internal sealed class InvariantBrokenException(string message) : Exception(message);

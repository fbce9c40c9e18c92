using Edge.Messages.Site;
using Microsoft.Extensions.Logging;

namespace Edge.Cluster.Raft;

/// <summary>
/// A node's place at the book: empty while it follows, else it holds the open log. Answers the Voting service: seeds an empty folder when the leader wants this node as a voter, and sets the folder aside when it
/// was removed or the log is damaged. Steps wait for each other. Disposing it closes the log and leaves the folder.
/// </summary>
/// <param name="options">How the log is kept.</param>
/// <param name="transport">Connections between voters.</param>
/// <param name="forwarding">How to ask the leader.</param>
/// <param name="keepAuthority">Keeps the site's wrapped authority on stable storage; throws <see cref="IOException"/> if it cannot.</param>
/// <param name="time">Clock.</param>
/// <param name="loggers">Logs.</param>
public sealed partial class VoterSeat(
    RaftBookOptions options,
    RaftTransport transport,
    BookForwarding forwarding,
    Func<ReadOnlyMemory<byte>, CancellationToken, Task> keepAuthority,
    TimeProvider time,
    ILoggerFactory loggers) : IAsyncDisposable
{
    private readonly ILogger _logger = loggers.CreateLogger<VoterSeat>();
    private readonly SemaphoreSlim _one = new(1);
    private readonly LogFolder _folder = new(options.Folder);
    private volatile RaftBook? _book;
    private volatile string _damage = "";

    /// <summary>The open log; null while this node follows.</summary>
    public RaftBook? Book => _book;

    /// <summary>Awaited with the new value of <see cref="Book"/>, before the next step of the seat: take the book from here, or follow again. Default: nothing.</summary>
    public Func<RaftBook?, Task> Changed { get; set; } = static _ => Task.CompletedTask;

    /// <summary>Opens the log if there is one. A damaged one is set aside, kept for people to look at, and this node follows until the leader adds it anew.</summary>
    public async Task OpenAsync(CancellationToken cancellation)
    {
        await _one.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            await OpenFolderAsync(cancellation).ConfigureAwait(false);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Serves Voting.Report.</summary>
    public VoterReport Report() => _book?.Report() ?? new VoterReport
    {
        Node = options.Self,
        Standing = _damage.Length > 0 ? VoterStanding.Damaged : VoterStanding.Follower,
        Trouble = _damage,
    };

    /// <summary>Serves Voting.Seed (rule 1): afterwards the folder durably holds the present list without this node, and the log is open in standby. Repeating it is harmless.</summary>
    public async Task<VoterReport> SeedAsync(VoterListNotice notice, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(notice);
        await _one.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (notice.Voters.Count == 0 || notice.Voters.Contains(options.Self))
            {
                return Refuse($"the list {{{string.Join(", ", notice.Voters)}}} cannot seed {options.Self}: it must name the present voters and not this node");
            }
            if (_book is { } held)
            {
                if (Outdates(notice, held) is { Length: > 0 } newer)
                {
                    return Refuse(newer);
                }
                // Seeded before and never added: the log stays, the list becomes the present one.
                var fresh = held.Report() is { Standing: VoterStanding.Standby, ListVersion: 0 };
                if (fresh && held.Voters.Names.SetEquals(notice.Voters))
                {
                    return held.Report();
                }
                await CloseAsync().ConfigureAwait(false);
                if (fresh)
                {
                    VoterListStore.Place(_folder.VotersPath, VoterList.Of(0, notice.Voters));
                }
                else
                {
                    SetAside(notice, keep: false);
                }
            }
            if (!_folder.Exists)
            {
                _folder.Seed(VoterList.Of(0, notice.Voters));
            }
            await OpenFolderAsync(cancellation).ConfigureAwait(false);
            Seeded(_logger, options.Self, notice.Leader, string.Join(", ", notice.Voters));
            return Report();
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Serves Voting.Dismiss: the folder is renamed, then deleted, and this node follows.</summary>
    public async Task<VoterReport> DismissAsync(VoterListNotice notice, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(notice);
        await _one.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (_book is { } held)
            {
                if (notice.Voters.Contains(options.Self))
                {
                    return Refuse($"the list {{{string.Join(", ", notice.Voters)}}} still names {options.Self}");
                }
                if (Outdates(notice, held) is { Length: > 0 } newer)
                {
                    return Refuse(newer);
                }
                await CloseAsync().ConfigureAwait(false);
                SetAside(notice, keep: false);
                await Changed(null).ConfigureAwait(false);
            }
            return Report();
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Serves Voting.HandAuthority.</summary>
    public async Task<AuthorityHeld> HoldAuthorityAsync(AuthorityHandover handover, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(handover);
        try
        {
            await keepAuthority(handover.Wrapped.Memory, cancellation).ConfigureAwait(false);
            return new AuthorityHeld();
        }
        catch (IOException refused)
        {
            return new AuthorityHeld { Trouble = refused.Message };
        }
    }

    /// <summary>A notice of the past must not wipe a vote that counts by now: the held list or term is newer than the notice's.</summary>
    private static string Outdates(VoterListNotice notice, RaftBook held)
    {
        var report = held.Report();
        if (report.Standing is VoterStanding.Voter && report.ListVersion >= notice.ListVersion)
        {
            return $"{report.Node} votes by the list of {report.ListVersion}; the notice of {notice.Leader} is of {notice.ListVersion}";
        }
        return report.Term > notice.Term ? $"{report.Node} is in term {report.Term}; the notice of {notice.Leader} is of term {notice.Term}" : "";
    }

    private async Task OpenFolderAsync(CancellationToken cancellation)
    {
        switch (await RaftBook.OpenAsync(options, transport, forwarding, time, loggers, cancellation).ConfigureAwait(false))
        {
            case RaftBookOpening.Opened opened:
                _damage = "";
                _book = opened.Book;
                await Changed(opened.Book).ConfigureAwait(false);
                break;
            case RaftBookOpening.Damaged damaged:
                _damage = damaged.Reason;
                var aside = _folder.SetAside("damaged", time.GetUtcNow(), keep: true);
                Damaged(_logger, options.Self, damaged.Reason, aside);
                break;
        }
    }

    private async Task CloseAsync()
    {
        if (_book is { } open)
        {
            _book = null;
            await open.DisposeAsync().ConfigureAwait(false);
        }
    }

    private void SetAside(VoterListNotice notice, bool keep)
    {
        _folder.SetAside("removed", time.GetUtcNow(), keep);
        Dismissed(_logger, options.Self, notice.Leader, string.Join(", ", notice.Voters));
    }

    private VoterReport Refuse(string reason)
    {
        var report = Report();
        (report.Refused, report.Trouble) = (true, reason);
        return report;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _one.WaitAsync().ConfigureAwait(false);
        await CloseAsync().ConfigureAwait(false);
        _one.Dispose();
    }

    [LoggerMessage(8164, LogLevel.Information, "{Node} is about to become a voter: {Leader} seeded it with the voters {Voters}.")]
    private static partial void Seeded(ILogger logger, string node, string leader, string voters);

    [LoggerMessage(8165, LogLevel.Information, "{Node} is no voter any more, says {Leader}; the voters are {Voters}. Its log is deleted; it follows.")]
    private static partial void Dismissed(ILogger logger, string node, string leader, string voters);

    [LoggerMessage(8166, LogLevel.Error, "The book's log of {Node} cannot be trusted: {Reason}. It was moved to {Aside}; this node follows, and becomes a voter again as a new one. With other voters nothing is lost. If it was the only voter, restore a backup or recover from a follower: edge site recover.")]
    private static partial void Damaged(ILogger logger, string node, string reason, string aside);
}

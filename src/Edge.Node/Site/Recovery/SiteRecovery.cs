using System.Globalization;
using System.Security.Cryptography;
using Edge.Cluster.Book;
using Edge.Cluster.Raft;
using Edge.Cluster.Trust;
using Edge.Messages.Modules;
using Edge.Node.Storage;

namespace Edge.Node.Site.Recovery;

/// <summary>
/// Carries a site on from one stopped node: from what this node has of the book (recover), or from a backup (restore). The node then votes alone, in a new incarnation of the site. The data folder is
/// held meanwhile. Repeated after a power cut at any point it goes on. What was there is set aside, not deleted.
/// </summary>
/// <param name="data">The node's data folder.</param>
/// <param name="time">Wall clock, for names and the audit log.</param>
/// <param name="logs">Logs.</param>
internal sealed class SiteRecovery(DataFolder data, TimeProvider time, ILoggerFactory logs)
{
    private const string CaHint = "The node keeps no key of the site's authority, so it made a new one. 'edge' on other machines refuses the site until its line is removed from their ~/.config/edge/known-sites.";

    private readonly LogFolder _log = new(Path.Combine(data.SiteFolder, "book"));
    private readonly BookCopyFile _copy = new(Path.Combine(data.SiteFolder, "book.copy"));

    private string NextFile => Path.Combine(data.SiteFolder, "book.next");

    /// <summary>Goes on with what this node has of the book.</summary>
    /// <param name="keep">Followers that remain members.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public async Task<RecoveryOutcome> RecoverAsync(IReadOnlyList<string> keep, CancellationToken cancellation)
    {
        var folder = Identities();
        switch (folder.Read())
        {
            case IdentityRead.Damaged damaged:
                return new RecoveryOutcome.Refused(damaged.Message);
            case not IdentityRead.Found:
                return new RecoveryOutcome.Refused($"Data folder {data.Path} belongs to no site. Name the folder of a node of the site with --data, or restore a backup: edge site restore FILE.");
            case IdentityRead.Found found:
                using (found.Identity)
                {
                    var lines = new List<string>();
                    if (await BestAsync(found.Identity, lines, cancellation) is not { } book)
                        return new RecoveryOutcome.Refused($"{string.Join(" ", lines)} Data folder {data.Path} holds no book that can be read. Recover on another node, or restore a backup: edge site restore FILE.");
                    return GoOn(folder, found.Identity, book, book.Site?.Incarnation ?? 0, keep, $"recovered on {found.Identity.Name}", lines);
                }
        }
    }

    /// <summary>Goes on with a backup.</summary>
    /// <param name="backup">The book of the backup.</param>
    /// <param name="name">This node's name, if the folder belongs to no site yet.</param>
    /// <param name="cancellation">Ends the reading of what is there.</param>
    public async Task<RecoveryOutcome> RestoreAsync(BookState backup, string name, CancellationToken cancellation)
    {
        if (backup.Site is not { } site) return new RecoveryOutcome.Refused("The backup holds an empty book.");
        var folder = Identities();
        var lines = new List<string>();
        switch (folder.Read())
        {
            case IdentityRead.Damaged damaged:
                return new RecoveryOutcome.Refused(damaged.Message);
            case IdentityRead.Found found:
                using (found.Identity)
                {
                    if (found.Identity.SiteId != site.Id)
                        return new RecoveryOutcome.Refused($"Data folder {data.Path} belongs to site '{found.Identity.SiteName}'; the backup is of site '{site.Name}', another one. Name another folder with --data.");
                    var present = await BestAsync(found.Identity, lines, cancellation);
                    if (present is not null && IsNewer(present, backup)) lines.Add($"The book here (index {present.Index}) is newer than the backup (index {backup.Index}): what was declared in between is not in the site any more.");
                    return GoOn(folder, found.Identity, backup, present?.Site?.Incarnation ?? 0, [], $"restored on {found.Identity.Name}", lines);
                }
            default:
                if (!NodeName.IsValid(name)) return new RecoveryOutcome.Refused($"'{name}' cannot be a node's name; allowed are {NodeName.Allowed}. Choose one with --name.");
                var founded = folder.FoundAgain(site.Name, name, site.Id);
                founded.Authority.Dispose();
                lines.Add(CaHint);
                using (founded.Identity) return GoOn(folder, founded.Identity, backup, 0, [], $"restored on {name}", lines);
        }
    }

    private IdentityFolder Identities()
    {
        Directory.CreateDirectory(data.SiteFolder);
        return new(Path.Combine(data.SiteFolder, "identity"));
    }

    private RecoveryOutcome GoOn(IdentityFolder folder, NodeIdentity identity, BookState book, uint above, IReadOnlyList<string> keep, string reason, List<string> lines)
    {
        using var authority = folder.ReadAuthority();
        if (authority is null && keep.Count > 0)
            return new RecoveryOutcome.Refused($"This node does not hold the key of the site's authority, so it makes a new one, and the certificates of {string.Join(", ", keep)} are void. Leave --keep out; they join again.");
        using var self = authority is null ? WithNewAuthority(folder, identity, lines) : null;
        var plan = IncarnationPlan.Of(book, above, self ?? identity, keep, reason, RandomNumberGenerator.GetBytes(16), time.GetUtcNow());
        if (plan.Book is not { } next) return new RecoveryOutcome.Refused(plan.Refusal!);
        Place(next, identity.Name, lines);
        lines.Insert(0, string.Create(CultureInfo.InvariantCulture, $"Site '{next.Site!.Name}' goes on with node '{identity.Name}' alone, from index {book.Index}, in incarnation {next.Site.Incarnation}. Start it: edge up --data {data.Path}"));
        if (plan.Removed.Count > 0)
            lines.Add($"Not of the site any more: {string.Join(", ", plan.Removed)}. Do not start them as they are. On each: 'edge site leave --data DIR' (keeps readings and modules), then 'edge up --join TOKEN --data DIR' with a token of 'edge token create --node'.");
        if (Missing(next) is [_, ..] missing)
            lines.Add($"This node does not have the bytes of {missing.Count} module(s): {string.Join(", ", missing)}. Apply their manifests again with the files: edge apply -f DIR.");
        return new RecoveryOutcome.Done(lines);
    }

    private static NodeIdentity WithNewAuthority(IdentityFolder folder, NodeIdentity identity, List<string> lines)
    {
        var founded = folder.FoundAgain(identity.SiteName, identity.Name, identity.SiteId);
        founded.Authority.Dispose();
        lines.Add(CaHint);
        return founded.Identity;
    }

    // In this order a power cut at any point leaves the book of before, or the next one, and never a log that is neither.
    private void Place(BookState next, string self, List<string> lines)
    {
        BookFile.Write(NextFile, next);
        if (Directory.Exists(_log.Path)) lines.Add($"The book of before was moved to {_log.SetAside("before", time.GetUtcNow(), keep: true)}.");
        _log.FoundFrom(next, self);
        _copy.Write(next);
        LogNameFile.ReadOrMake(Path.Combine(data.SiteFolder, "log"), self);
        File.Delete(NextFile);
    }

    // What is newest: the log with all that is in it, the copy that a follower keeps, or what a recovery that was cut short had read.
    private async Task<BookState?> BestAsync(NodeIdentity identity, List<string> lines, CancellationToken cancellation)
    {
        BookState? best = null;
        void Offer(BookState state)
        {
            if (best is null || IsNewer(state, best)) best = state;
        }

        if (_log.Exists)
        {
            switch (await ReadLogAsync(identity.Name, cancellation))
            {
                case BookFileReading.Whole whole:
                    Offer(whole.State);
                    break;
                case BookFileReading.Damaged damaged:
                    lines.Add($"The book's log cannot be read: {damaged.Reason}.");
                    break;
            }
        }
        else if (File.Exists(NextFile) && BookFile.Read(NextFile) is BookFileReading.Whole cut)
        {
            Offer(cut.State);
        }

        switch (_copy.Read())
        {
            case BookCopy.Kept kept:
                Offer(kept.State);
                break;
            case BookCopy.Damaged damaged:
                lines.Add(damaged.Reason);
                break;
        }

        return best;
    }

    // Of a copy: reading takes in entries that may never have been committed, and a log that was read so is good for nothing else.
    private async Task<BookFileReading> ReadLogAsync(string self, CancellationToken cancellation)
    {
        var reading = Path.Combine(data.SiteFolder, "book.reading");
        if (Directory.Exists(reading)) Directory.Delete(reading, recursive: true);
        foreach (var file in Directory.EnumerateFiles(_log.Path, "*", SearchOption.AllDirectories))
        {
            var to = Path.Combine(reading, Path.GetRelativePath(_log.Path, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }

        var read = await BookRecovery.ReadLogAsync(new(reading, self), logs, cancellation);
        Directory.Delete(reading, recursive: true);
        return read;
    }

    private List<string> Missing(BookState book)
    {
        var blobs = ModuleBlobs.Open(data.ModuleBlobsFolder);
        return [.. book.Resources.Values.Where(one => one.Digest.Length > 0 && !blobs.Has(new ModuleDigest(one.Digest))).Select(one => $"{one.Tenant}/{one.Name}").Order(StringComparer.Ordinal)];
    }

    private static bool IsNewer(BookState state, BookState than) => (state.Site?.Incarnation ?? 0, state.Index).CompareTo((than.Site?.Incarnation ?? 0, than.Index)) > 0;
}

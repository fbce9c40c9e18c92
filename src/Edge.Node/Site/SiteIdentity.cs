using Edge.Cluster.Joining;
using Edge.Cluster.Raft;
using Edge.Cluster.Transport;
using Edge.Cluster.Trust;
using Edge.Node.Hosting;
using Edge.Node.Storage;

namespace Edge.Node.Site;

/// <summary>Who this node is in which site, and how it came to be: kept from before, joined now, or being founded.</summary>
/// <param name="Identity">The identity.</param>
/// <param name="IsFounding">The site's first command is not in its book yet.</param>
/// <param name="Voters">Where the site's voters are, from joining; empty otherwise.</param>
internal sealed record SiteIdentity(NodeIdentity Identity, bool IsFounding, IReadOnlyDictionary<string, NodeAddress> Voters)
{
    // There from before the site's identity is made until its first command is on stable storage: a power cut in between is then no damage, the founding goes on.
    private const string Founding = "founding";

    private static readonly Dictionary<string, NodeAddress> NoVoters = [];

    /// <summary>Reads it, joins with the token, or begins to found a site.</summary>
    /// <exception cref="NodeStartException">The identity is damaged or of another site; or the site refused, or did not answer.</exception>
    public static async Task<SiteIdentity> ObtainAsync(
        IdentityFolder folder, LogFolder book, SiteOptions options, Func<JoinToken, CancellationToken, IAsyncEnumerable<NodeAddress>> announced, TimeProvider time, CancellationToken cancellation)
    {
        if (options.Token is { } asked && folder.Contradiction(asked) is { } contradiction) throw new NodeStartException(contradiction);
        if (File.Exists(Marker(options))) return Found(folder, book, options);
        return folder.Read() switch
        {
            IdentityRead.Damaged damaged => throw new NodeStartException(damaged.Message),
            IdentityRead.Found found => new(found.Identity, false, NoVoters),
            _ when options.Token is { } token => await JoinAsync(folder, token, options, announced, time, cancellation),
            _ => Found(folder, book, options),
        };
    }

    /// <summary>The site's first command is in its book.</summary>
    public static void Founded(SiteOptions options) => File.Delete(Marker(options));

    private static SiteIdentity Found(IdentityFolder folder, LogFolder book, SiteOptions options)
    {
        if (!NodeName.IsValid(options.Name)) throw new NodeStartException($"'{options.Name}' cannot be a node's name; allowed are {NodeName.Allowed}. Choose one with --name.");
        StableStorage.Replace(Marker(options), []);
        var identity = folder.Read() is IdentityRead.Found before ? before.Identity : New(folder, options);
        if (!book.Exists) book.Found(identity.Name);
        return new(identity, true, NoVoters);
    }

    private static NodeIdentity New(IdentityFolder folder, SiteOptions options)
    {
        var founded = folder.Found(options.SiteName ?? options.Name, options.Name);
        founded.Authority.Dispose();
        return founded.Identity;
    }

    private static async Task<SiteIdentity> JoinAsync(
        IdentityFolder folder, JoinToken token, SiteOptions options, Func<JoinToken, CancellationToken, IAsyncEnumerable<NodeAddress>> announced, TimeProvider time, CancellationToken cancellation)
    {
        var about = options.About.Clone();
        about.Name = options.Name;
        return await new JoinClient(folder, time).JoinAsync(token, about, options.Written, stop => announced(token, stop), cancellation) switch
        {
            JoinOutcome.Joined joined => new(joined.Identity, false, joined.Voters),
            JoinOutcome.Refused refused => throw new NodeStartException(refused.Message),
            JoinOutcome.NobodyAnswered nobody => throw new NodeStartException(nobody.Message),
            var other => throw new InvalidOperationException($"Unexpected outcome {other.GetType().Name}."),
        };
    }

    private static string Marker(SiteOptions options) => Path.Combine(options.Folder, Founding);
}

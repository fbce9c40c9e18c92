using System.Security.Cryptography;
using Edge.Messages.Site;
using Google.Protobuf;

namespace Edge.Cluster.Trust;

/// <summary>
/// The part of a data folder that says who the node is: <c>node.key</c>, <c>membership</c>, on voters <c>authority</c>, and <c>node.secret</c> which wraps the latter. All of mode 0600, each
/// replaced as a whole. Every file's place is named here and nowhere else. Not thread-safe; one process holds the data folder.
/// </summary>
public sealed class IdentityFolder
{
    private const int SiteIdBytes = 16;

    private readonly string _path;

    /// <param name="path">The folder; made if it is missing.</param>
    public IdentityFolder(string path)
    {
        _path = Path.GetFullPath(path);
        SecretFile.CreateFolder(_path);
    }

    private string KeyFile => Path.Combine(_path, "node.key");

    private string MembershipFile => Path.Combine(_path, "membership");

    private string AuthorityPath => Path.Combine(_path, "authority");

    private string SecretPath => Path.Combine(_path, "node.secret");

    /// <summary>Who the node is, if it has joined a site before.</summary>
    public IdentityRead Read()
    {
        if (SecretFile.Read(MembershipFile) is not { } content)
            return new IdentityRead.None();
        if (SecretFile.Read(KeyFile) is not { } stored || NodeKey.Import(stored) is not { } key)
            return Damaged(KeyFile, "it is missing or damaged");
        try
        {
            return NodeIdentity.Of(NodeMembership.Parser.ParseFrom(content), key) is { } identity
                ? new IdentityRead.Found(identity)
                : Damaged(MembershipFile, "its certificate is damaged, or is for another key than node.key, or is not of its CA");
        }
        catch (InvalidProtocolBufferException)
        {
            return Damaged(MembershipFile, "it cannot be read");
        }
    }

    /// <summary>The node's key, made on first use. Kept across restarts also before the node has joined.</summary>
    public NodeKey ReadOrMakeKey()
    {
        if (SecretFile.Read(KeyFile) is { } stored && NodeKey.Import(stored) is { } key)
            return key;
        // A damaged key of a node that is no member yet was given to nobody: a new one costs nothing.
        key = NodeKey.Make();
        SecretFile.Write(KeyFile, key.Export());
        return key;
    }

    /// <summary>Makes a new site with this node as its first. The caller has seen that <see cref="Read"/> found none.</summary>
    /// <exception cref="ArgumentException">One of the names is none; both follow <see cref="NodeName"/>.</exception>
    public FoundedSite Found(string siteName, string node) => FoundAgain(siteName, node, ByteString.CopyFrom(RandomNumberGenerator.GetBytes(SiteIdBytes)));

    /// <summary>
    /// Gives a site that goes on from this node a new authority, because the old one's key is gone: certificates of the old one are void. The node's own key stays.
    /// </summary>
    /// <exception cref="ArgumentException">One of the names is none; both follow <see cref="NodeName"/>.</exception>
    public FoundedSite FoundAgain(string siteName, string node, ByteString siteId)
    {
        if (!NodeName.IsValid(siteName))
            throw new ArgumentException($"'{siteName}' cannot be a site's name; allowed are {NodeName.Allowed}.", nameof(siteName));
        var key = ReadOrMakeKey();
        var authority = SiteAuthority.Found();
        if (authority.Issue(key.Request(node), node) is not IssueOutcome.Issued issued)
            throw new ArgumentException($"'{node}' cannot be a node's name; allowed are {NodeName.Allowed}.", nameof(node));
        SaveAuthority(authority);
        var membership = new NodeMembership
        {
            Node = node,
            Certificate = ByteString.CopyFrom(issued.Der),
            CaCertificate = ByteString.CopyFrom(authority.Certificate.RawData),
            SiteName = siteName,
            SiteId = siteId,
        };
        return new(Save(membership, key) ?? throw new InvalidOperationException("A certificate that was just issued does not fit its own key."), authority);
    }

    /// <summary>Keeps what a site gave to this node; null, and nothing kept, if it does not fit the key.</summary>
    public NodeIdentity? Save(NodeMembership membership, NodeKey key)
    {
        if (NodeIdentity.Of(membership, key) is not { } identity)
            return null;
        SecretFile.Write(MembershipFile, membership.ToByteArray());
        return identity;
    }

    /// <summary>The site's authority, if this node keeps it and can open it.</summary>
    public SiteAuthority? ReadAuthority() => AuthorityFile.Read(AuthorityPath, NodeSecret.ReadOrMake(SecretPath));

    /// <summary>Keeps the authority: this node votes.</summary>
    public void SaveAuthority(SiteAuthority authority) => AuthorityFile.Write(AuthorityPath, authority, NodeSecret.ReadOrMake(SecretPath));

    /// <summary>Keeps an authority that another voter exported; false, and nothing kept, if the bytes are damaged or are another site's.</summary>
    public bool KeepAuthority(ReadOnlySpan<byte> exported, NodeIdentity identity)
    {
        ArgumentNullException.ThrowIfNull(identity);
        using var authority = SiteAuthority.Import(exported);
        if (authority?.Certificate.RawDataMemory.Span.SequenceEqual(identity.AuthorityCertificate.RawDataMemory.Span) != true)
            return false;
        SaveAuthority(authority);
        return true;
    }

    /// <summary>Lets go of the authority: this node no longer votes.</summary>
    public void ForgetAuthority() => SecretFile.Delete(AuthorityPath);

    /// <summary>Forgets the site: the node is of none. Its key stays, for the next.</summary>
    public void Forget()
    {
        SecretFile.Delete(MembershipFile);
        ForgetAuthority();
    }

    /// <summary>Null if a token may be used with this folder; else why not, for people. A folder without a membership may use any; one of the same site needs none and ignores it.</summary>
    public string? Contradiction(JoinToken token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return Read() switch
        {
            IdentityRead.Found { Identity: var mine } when !mine.AuthorityFingerprint.AsSpan().SequenceEqual(token.AuthorityFingerprint.Span) =>
                $"The data folder ({_path}) belongs to site '{mine.SiteName}' (CA {Fingerprints.Prefix(mine.AuthorityFingerprint)}), where this node is '{mine.Name}'; the token is for site '{token.SiteName}' (CA {Fingerprints.Prefix(token.AuthorityFingerprint.Span)}). " +
                $"Name another folder with --data to join '{token.SiteName}', or start without --join to stay in '{mine.SiteName}'.",
            IdentityRead.Damaged damaged => damaged.Message,
            _ => null,
        };
    }

    private static IdentityRead.Damaged Damaged(string file, string what) => new(
        $"The node's identity cannot be used: {file}: {what}. Restore the data folder from a backup, or remove the node from the site (edge node rm), delete that folder, and join again with a new token.");
}

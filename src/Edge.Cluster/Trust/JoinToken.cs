using System.Security.Cryptography;
using System.Text;
using Edge.Messages.Book;
using Google.Protobuf;

namespace Edge.Cluster.Trust;

/// <summary>
/// What a new node is given so that it may join one site once: an id, a secret, and whom to trust (the CA's fingerprint). The book keeps the id and the secret's hash, never the secret.
/// Written as <c>edge1-…</c>. Immutable.
/// </summary>
/// <param name="Id">Names the token in the book.</param>
/// <param name="Secret">20 random bytes.</param>
/// <param name="AuthorityFingerprint">SHA-256 of the site CA's certificate.</param>
/// <param name="SiteId">The site's id, 16 bytes.</param>
/// <param name="SiteName">The site's name, for people.</param>
public sealed record JoinToken(string Id, ReadOnlyMemory<byte> Secret, ReadOnlyMemory<byte> AuthorityFingerprint, ByteString SiteId, string SiteName)
{
    private const string Prefix = "edge1-";
    private const int IdBytes = 5;
    private const int SecretBytes = 20;
    private const int FingerprintBytes = 32;
    private const int SiteIdBytes = 16;
    private const int NameAt = IdBytes + SecretBytes + FingerprintBytes + SiteIdBytes;

    /// <summary>How long a new node's token is good, by the leader's clock.</summary>
    public static TimeSpan Lifetime { get; } = TimeSpan.FromHours(1);

    /// <summary>SHA-256 of the secret, as the book keeps it.</summary>
    public byte[] SecretHash => SHA256.HashData(Secret.Span);

    /// <summary>A new token for a site.</summary>
    public static JoinToken New(SiteRecord site)
    {
        ArgumentNullException.ThrowIfNull(site);
        return new(TokenText.Encode(RandomNumberGenerator.GetBytes(IdBytes)), RandomNumberGenerator.GetBytes(SecretBytes), site.CaFingerprint.Memory, site.Id, site.Name);
    }

    /// <summary>Reads a token's text. Blanks, line breaks and capitals do not matter.</summary>
    public static TokenParse<JoinToken> Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var (content, fault) = TokenText.Read(Prefix, text);
        if (fault is not null)
            return new TokenParse<JoinToken>.Wrong($"The token {fault}. Copy it whole, from '{Prefix}' on, or make a new one on a node of the site: edge token create --node.");
        if (content.Length < NameAt)
            return new TokenParse<JoinToken>.Wrong("The token is of another version of edge. Make a new one on a node of the site: edge token create --node.");
        var rest = content.AsMemory(IdBytes);
        return new TokenParse<JoinToken>.Parsed(new(
            TokenText.Encode(content.AsSpan(..IdBytes)), rest[..SecretBytes], rest.Slice(SecretBytes, FingerprintBytes),
            ByteString.CopyFrom(content.AsSpan(NameAt - SiteIdBytes, SiteIdBytes)), Encoding.UTF8.GetString(content.AsSpan(NameAt))));
    }

    /// <summary>What the book keeps of it.</summary>
    /// <param name="createdBy">Who asked for it.</param>
    /// <param name="now">UTC, by the leader's clock.</param>
    public TokenRecord Record(string createdBy, DateTimeOffset now) => new()
    {
        Id = Id,
        Hash = ByteString.CopyFrom(SecretHash),
        Purpose = TokenPurpose.Node,
        CreatedUs = MicrosecondsOf(now),
        ExpiresUs = MicrosecondsOf(now + Lifetime),
        CreatedBy = createdBy,
    };

    /// <summary>The text for <c>--join</c>. Holds the secret.</summary>
    public string Text() => TokenText.Write(Prefix, [.. IdOf(Id), .. Secret.Span, .. AuthorityFingerprint.Span, .. SiteId.Span, .. Encoding.UTF8.GetBytes(SiteName)]);

    /// <summary>Names the token without its secret, so that a log cannot leak it.</summary>
    public override string ToString() => $"token {Id} of site '{SiteName}'";

    private static byte[] IdOf(string id) => TokenText.Decode(id) ?? throw new InvalidOperationException($"Token id '{id}' is not one that {nameof(New)} or {nameof(Parse)} makes.");

    private static long MicrosecondsOf(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
}

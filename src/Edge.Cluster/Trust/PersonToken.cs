using System.Security.Cryptography;

namespace Edge.Cluster.Trust;

/// <summary>A person's bearer token, written as <c>edgep-…</c>: an id and a secret. The book keeps the id, the secret's hash, the role and the tenant. Immutable.</summary>
/// <param name="Id">Names the token in the book.</param>
/// <param name="Secret">20 random bytes.</param>
public sealed record PersonToken(string Id, ReadOnlyMemory<byte> Secret)
{
    private const string Prefix = "edgep-";
    private const int IdBytes = 5;
    private const int SecretBytes = 20;

    /// <summary>SHA-256 of the secret, as the book keeps it. The secret is random and long, so a plain hash suffices.</summary>
    public byte[] SecretHash => SHA256.HashData(Secret.Span);

    /// <summary>A new token.</summary>
    public static PersonToken New() => new(TokenText.Encode(RandomNumberGenerator.GetBytes(IdBytes)), RandomNumberGenerator.GetBytes(SecretBytes));

    /// <summary>Reads a token's text.</summary>
    public static TokenParse<PersonToken> Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var (content, fault) = TokenText.Read(Prefix, text);
        return fault is not null ? new TokenParse<PersonToken>.Wrong($"The token {fault}. Copy it whole, from '{Prefix}' on, or ask an administrator of the site for a new one: edge token create --role ROLE.")
            : content.Length != IdBytes + SecretBytes ? new TokenParse<PersonToken>.Wrong("The token is of another version of edge. Ask an administrator of the site for a new one: edge token create --role ROLE.")
            : new TokenParse<PersonToken>.Parsed(new(TokenText.Encode(content.AsSpan(..IdBytes)), content.AsMemory(IdBytes)));
    }

    /// <summary>The text that its owner keeps.</summary>
    public string Text() => TokenText.Write(Prefix, [.. TokenText.Decode(Id)!, .. Secret.Span]);

    /// <summary>Names the token without its secret.</summary>
    public override string ToString() => $"token {Id}";
}

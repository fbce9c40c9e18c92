using System.Security.Cryptography;
using Edge.Messages.Site;
using Google.Protobuf;

namespace Edge.Cluster.Trust;

/// <summary>
/// Where a voter keeps the site's authority: AES-256-GCM under a key derived from the node's secret (<see cref="NodeSecret"/> says what that protects and what not). A voter that has lost
/// the file, or cannot open it, fetches the authority from another voter.
/// </summary>
internal static class AuthorityFile
{
    private const string Purpose = "edge site authority 1";
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    /// <summary>Seals and writes the authority.</summary>
    public static void Write(string path, SiteAuthority authority, NodeSecret secret)
    {
        var plain = authority.Export();
        var nonce = RandomNumberGenerator.GetBytes(NonceBytes);
        var tag = new byte[TagBytes];
        var ciphertext = new byte[plain.Length];
        using (var cipher = new AesGcm(secret.KeyFor(Purpose), TagBytes))
        {
            cipher.Encrypt(nonce, plain, ciphertext, tag);
        }
        CryptographicOperations.ZeroMemory(plain);
        SecretFile.Write(path, new SealedAuthority
        {
            Nonce = ByteString.CopyFrom(nonce),
            Tag = ByteString.CopyFrom(tag),
            Ciphertext = ByteString.CopyFrom(ciphertext),
        }.ToByteArray());
    }

    /// <summary>The authority; null if there is no file or it does not open under this node's secret.</summary>
    public static SiteAuthority? Read(string path, NodeSecret secret)
    {
        if (SecretFile.Read(path) is not { } content)
            return null;
        try
        {
            var stored = SealedAuthority.Parser.ParseFrom(content);
            var plain = new byte[stored.Ciphertext.Length];
            using var cipher = new AesGcm(secret.KeyFor(Purpose), TagBytes);
            cipher.Decrypt(stored.Nonce.Span, stored.Ciphertext.Span, stored.Tag.Span, plain);
            var authority = SiteAuthority.Import(plain);
            CryptographicOperations.ZeroMemory(plain);
            return authority;
        }
        catch (Exception damage) when (damage is InvalidProtocolBufferException or CryptographicException or ArgumentException)
        {
            return null;
        }
    }
}

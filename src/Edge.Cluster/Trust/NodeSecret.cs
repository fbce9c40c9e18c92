using System.Security.Cryptography;

namespace Edge.Cluster.Trust;

/// <summary>
/// 32 random bytes of the node's own, in a file of mode 0600, from which keys that wrap other secrets are derived (HKDF-SHA256, RFC 5869). It protects a wrapped file that is copied alone
/// (a backup, a bug report); it does not protect against root on this node or against whoever takes the disk, since both files are on it.
/// </summary>
internal sealed class NodeSecret
{
    private const int Length = 32;

    private readonly byte[] _secret;

    private NodeSecret(byte[] secret) => _secret = secret;

    /// <summary>Reads the secret; makes it on first use. A damaged one is replaced: what it wrapped is fetched from another voter.</summary>
    public static NodeSecret ReadOrMake(string path)
    {
        if (SecretFile.Read(path) is { Length: Length } found)
            return new(found);
        var fresh = RandomNumberGenerator.GetBytes(Length);
        SecretFile.Write(path, fresh);
        return new(fresh);
    }

    /// <summary>A key for one purpose; keys of different purposes tell nothing about each other.</summary>
    public byte[] KeyFor(string purpose) => HKDF.DeriveKey(HashAlgorithmName.SHA256, _secret, Length, info: System.Text.Encoding.UTF8.GetBytes(purpose));
}

using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Edge.Cluster.Trust;

/// <summary>SHA-256 fingerprints: of a node's key, which is what the book remembers a node by, and of the CA's certificate, which is what a join token carries.</summary>
public static class Fingerprints
{
    /// <summary>Of the SubjectPublicKeyInfo: the same for every certificate of one key.</summary>
    public static byte[] OfKey(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return OfKey(certificate.PublicKey);
    }

    /// <summary>Of the SubjectPublicKeyInfo.</summary>
    public static byte[] OfKey(PublicKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return SHA256.HashData(key.ExportSubjectPublicKeyInfo());
    }

    /// <summary>Of the certificate's DER.</summary>
    public static byte[] OfCertificate(ReadOnlySpan<byte> der) => SHA256.HashData(der);

    /// <summary>The first 12 hexadecimal digits, as people compare them.</summary>
    public static string Prefix(ReadOnlySpan<byte> fingerprint) => Convert.ToHexStringLower(fingerprint[..Math.Min(6, fingerprint.Length)]);
}

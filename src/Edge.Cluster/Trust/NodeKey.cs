using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Edge.Cluster.Trust;

/// <summary>The node's own key pair (ECDSA P-256). Made before joining and never sent anywhere: a join token is spent on it, so a lost reply can be asked for again. Thread-safe.</summary>
public sealed class NodeKey : IDisposable
{
    private readonly ECDsa _key;
    private readonly Lock _gate = new();

    internal NodeKey(ECDsa key) => _key = key;

    /// <summary>SHA-256 of the public key, as the book holds it.</summary>
    public byte[] Fingerprint
    {
        get
        {
            lock (_gate)
            {
                return SHA256.HashData(_key.ExportSubjectPublicKeyInfo());
            }
        }
    }

    /// <summary>A PKCS #10 request (DER) for a certificate under a node name.</summary>
    public byte[] Request(string node)
    {
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(node);
        lock (_gate)
        {
            return new CertificateRequest(subject.Build(), _key, HashAlgorithmName.SHA256).CreateSigningRequest();
        }
    }

    /// <summary>Signs (ECDSA P-256, SHA-256, IEEE P1363).</summary>
    public byte[] Sign(ReadOnlySpan<byte> content)
    {
        lock (_gate)
        {
            return _key.SignData(content, HashAlgorithmName.SHA256);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();

    internal static NodeKey Make() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    internal static NodeKey? Import(ReadOnlySpan<byte> pkcs8)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportPkcs8PrivateKey(pkcs8, out _);
            return new(key);
        }
        catch (CryptographicException)
        {
            key.Dispose();
            return null;
        }
    }

    internal byte[] Export()
    {
        lock (_gate)
        {
            return _key.ExportPkcs8PrivateKey();
        }
    }

    internal X509Certificate2 Attach(X509Certificate2 certificate)
    {
        lock (_gate)
        {
            return certificate.CopyWithPrivateKey(_key);
        }
    }
}

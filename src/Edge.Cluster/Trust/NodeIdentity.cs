using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Edge.Messages.Site;
using Google.Protobuf;

namespace Edge.Cluster.Trust;

/// <summary>
/// Who this node is in its site: name, key, certificate, and the CA that it trusts. Made when it founds or joins a site, kept in the data folder, the same after every restart; ends when the
/// book removes the node. Thread-safe.
/// </summary>
public sealed class NodeIdentity : IDisposable
{
    private readonly NodeKey _key;

    private NodeIdentity(NodeMembership membership, NodeKey key, X509Certificate2 certificate, X509Certificate2 authority)
    {
        _key = key;
        Name = membership.Node;
        SiteName = membership.SiteName;
        SiteId = membership.SiteId;
        Certificate = certificate;
        AuthorityCertificate = authority;
        CertificateContext = SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true);
    }

    /// <summary>The node's name.</summary>
    public string Name { get; }

    /// <summary>The site's name, for people.</summary>
    public string SiteName { get; }

    /// <summary>The site's id.</summary>
    public ByteString SiteId { get; }

    /// <summary>The node's certificate, with its key.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>The site CA's certificate.</summary>
    public X509Certificate2 AuthorityCertificate { get; }

    /// <summary>SHA-256 of the CA's certificate.</summary>
    public byte[] AuthorityFingerprint => Fingerprints.OfCertificate(AuthorityCertificate.RawDataMemory.Span);

    /// <summary>SHA-256 of the node's public key.</summary>
    public byte[] KeyFingerprint => _key.Fingerprint;

    /// <summary>What TLS shows to peers.</summary>
    internal SslStreamCertificateContext CertificateContext { get; }

    /// <summary>Signs with the node's key.</summary>
    public byte[] Sign(ReadOnlySpan<byte> content) => _key.Sign(content);

    /// <inheritdoc/>
    public void Dispose()
    {
        Certificate.Dispose();
        AuthorityCertificate.Dispose();
        _key.Dispose();
    }

    /// <summary>Builds an identity of what was given to the node; null if the parts do not belong together: another key, another name, another CA.</summary>
    internal static NodeIdentity? Of(NodeMembership membership, NodeKey key)
    {
        try
        {
            var authority = X509CertificateLoader.LoadCertificate(membership.CaCertificate.Span);
            using var certificate = X509CertificateLoader.LoadCertificate(membership.Certificate.Span);
            if (PeerTrust.ChainsTo(authority, certificate) && PeerTrust.NameOf(certificate) == membership.Node && Fingerprints.OfKey(certificate).AsSpan().SequenceEqual(key.Fingerprint))
                return new(membership, key, key.Attach(certificate), authority);
            authority.Dispose();
            return null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}

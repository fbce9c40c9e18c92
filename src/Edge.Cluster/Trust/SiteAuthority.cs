using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Edge.Messages.Site;
using Google.Protobuf;

namespace Edge.Cluster.Trust;

/// <summary>
/// The site's certificate authority (ECDSA P-256): made by the first node, held by voters only. Signs node certificates and nothing else; what a certificate says comes from here, a request
/// contributes its key alone. Dates are 2000–9999 and decide nothing: a Pi without a clock battery may be off by years. Thread-safe. Ends with <see cref="Dispose"/>.
/// </summary>
public sealed class SiteAuthority : IDisposable
{
    private const string P256 = "1.2.840.10045.3.1.7";
    private const int SerialBytes = 16;

    private static readonly DateTimeOffset NotBefore = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    // RFC 5280 4.1.2.5: a certificate without a well-defined end.
    private static readonly DateTimeOffset NotAfter = new(9999, 12, 31, 23, 59, 59, TimeSpan.Zero);

    private readonly ECDsa _key;
    private readonly Lock _gate = new();

    private SiteAuthority(ECDsa key, X509Certificate2 certificate)
    {
        _key = key;
        Certificate = certificate;
    }

    /// <summary>The CA's certificate, without its key.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>Makes the authority of a new site. Authorities are told apart by their keys, so all have the same short name, which no node can have.</summary>
    public static SiteAuthority Found()
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(NameOf("edge site authority"), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        var certificate = request.Create(request.SubjectName, X509SignatureGenerator.CreateForECDsa(key), NotBefore, NotAfter, NewSerial());
        return new(key, certificate);
    }

    /// <summary>What <see cref="Export"/> made; null if the bytes are damaged or key and certificate do not belong together.</summary>
    public static SiteAuthority? Import(ReadOnlySpan<byte> exported)
    {
        var key = ECDsa.Create();
        try
        {
            var parts = AuthorityKey.Parser.ParseFrom(exported);
            key.ImportPkcs8PrivateKey(parts.PrivateKey.Span, out _);
            var certificate = X509CertificateLoader.LoadCertificate(parts.Certificate.Span);
            if (certificate.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(key.ExportSubjectPublicKeyInfo()))
                return new(key, certificate);
            certificate.Dispose();
        }
        catch (Exception damage) when (damage is InvalidProtocolBufferException or CryptographicException)
        {
            // Told by the null: the caller knows where the bytes came from.
        }
        key.Dispose();
        return null;
    }

    /// <summary>Key and certificate as bytes. Secret: they go into a sealed file or to another voter over mutual TLS, and nowhere else.</summary>
    public byte[] Export()
    {
        lock (_gate)
        {
            return new AuthorityKey { Certificate = ByteString.CopyFrom(Certificate.RawData), PrivateKey = ByteString.CopyFrom(_key.ExportPkcs8PrivateKey()) }.ToByteArray();
        }
    }

    /// <summary>Signs a PKCS #10 request for a node. The request must be signed by its own P-256 key; name, uses and dates of the certificate are the authority's.</summary>
    public IssueOutcome Issue(byte[] request, string node)
    {
        if (!NodeName.IsValid(node))
            return new IssueOutcome.Refused($"'{node}' cannot be a node's name; allowed are {NodeName.Allowed}.");
        if (KeyOf(request) is not { } key)
            return new IssueOutcome.Refused($"The certificate request of node '{node}' is not a signed PKCS #10 request for an ECDSA P-256 key. Start the node again; if it stays, its version differs too much from this one's.");
        var certificate = new CertificateRequest(NameOf(node), key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(node);
        certificate.CertificateExtensions.Add(names.Build());
        certificate.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        certificate.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        certificate.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([PeerTrust.ServerUse(), PeerTrust.ClientUse()], critical: false));
        certificate.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(Certificate, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        lock (_gate)
        {
            using var issued = certificate.Create(Certificate.SubjectName, X509SignatureGenerator.CreateForECDsa(_key), NotBefore, NotAfter, NewSerial());
            return new IssueOutcome.Issued(issued.RawData);
        }
    }

    /// <summary>The key that a request asks a certificate for; null if it is damaged, not signed by that key, or of another kind.</summary>
    public static PublicKey? KeyOf(byte[] request)
    {
        try
        {
            var loaded = CertificateRequest.LoadSigningRequest(request, HashAlgorithmName.SHA256);
            using var key = loaded.PublicKey.GetECDsaPublicKey();
            return key?.ExportParameters(includePrivateParameters: false).Curve.Oid?.Value == P256 ? loaded.PublicKey : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _key.Dispose();
        Certificate.Dispose();
    }

    private static byte[] NewSerial()
    {
        var serial = RandomNumberGenerator.GetBytes(SerialBytes);
        serial[0] = (byte)(serial[0] & 0x7f | 0x40); // positive, and no leading zero
        return serial;
    }

    private static X500DistinguishedName NameOf(string commonName)
    {
        var name = new X500DistinguishedNameBuilder();
        name.AddCommonName(commonName);
        return name.Build();
    }
}

using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Edge.Cluster.Trust;

namespace Edge.Node.Cli.Remote;

/// <summary>
/// Decides whether a server is a node of the site that the person means: its certificate was signed by the CA with the known fingerprint. Names and dates do not decide: nodes move between addresses, and a
/// Pi's clock may be years off. The CA's certificate is asked for first, on a connection of its own that shows no token and is believed nothing but the fingerprint. At the first contact with a server whose CA nobody told, the CA
/// that it shows is kept, and the person is told so.
/// </summary>
internal sealed class ServerTrust(Uri url, byte[]? told, KnownSites known, TextWriter errors)
{
    private const int CertificateMax = 64 << 10;

    private X509Certificate2? _authority;
    private bool _isNew;

    /// <summary>Why the server was refused; null if it was not.</summary>
    public string? Refusal { get; private set; }

    /// <summary>Reads 64 hexadecimal digits, with or without colons and <c>sha256:</c>; null if it is something else.</summary>
    public static byte[]? ParseFingerprint(string text)
    {
        var digits = (text.StartsWith("sha256:", StringComparison.OrdinalIgnoreCase) ? text["sha256:".Length..] : text).Replace(":", "", StringComparison.Ordinal);
        return digits.Length == 64 && digits.All(char.IsAsciiHexDigit) ? Convert.FromHexString(digits) : null;
    }

    /// <summary>Gets the CA's certificate, once.</summary>
    /// <exception cref="RemoteException">It is another site's, or none.</exception>
    /// <exception cref="HttpRequestException">The server does not answer.</exception>
    public async Task MeetAsync()
    {
        if (_authority is not null) return;
        // Any certificate will do here: nothing is told to the server, and of what it tells only a known fingerprint is believed.
        using var stranger = new HttpClient(new SocketsHttpHandler { UseProxy = false, SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null } })
        {
            BaseAddress = url,
            MaxResponseContentBufferSize = CertificateMax,
        };
        var authority = Read(await stranger.GetStringAsync("api/v1/authority"));
        var shown = Fingerprints.OfCertificate(authority.RawDataMemory.Span);
        var expected = told ?? known.Find(url.Authority);
        if (expected is not null && !CryptographicOperations.FixedTimeEquals(expected, shown))
            throw new RemoteException($"{url.Authority} is of another site: its CA has the fingerprint {Convert.ToHexStringLower(shown)}, expected is {Convert.ToHexStringLower(expected)}. No token was shown. If the site was made anew, remove the line of {url.Authority} from {known.Path}.");
        (_authority, _isNew) = (authority, expected is null);
    }

    /// <summary>For TLS: whether the CA signed the certificate.</summary>
    public bool Judge(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors problems)
    {
        using var own = new X509Chain();
        own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        own.ChainPolicy.CustomTrustStore.Add(_authority!);
        own.ChainPolicy.VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid;
        own.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        own.ChainPolicy.DisableCertificateDownloads = true;
        if (certificate is not X509Certificate2 shown || !own.Build(shown) || own.ChainElements is not [_, var root] || !root.Certificate.RawDataMemory.Span.SequenceEqual(_authority!.RawDataMemory.Span))
        {
            Refusal = $"{url.Authority} shows a certificate that the CA of its site did not sign: something stands between this machine and the node. No token was shown.";
            return false;
        }
        if (!_isNew) return true;
        var fingerprint = Fingerprints.OfCertificate(_authority!.RawDataMemory.Span);
        known.Keep(url.Authority, fingerprint);
        errors.WriteLine($"First contact with {url.Authority}: the CA of its site has the fingerprint {Convert.ToHexStringLower(fingerprint)}, kept in {known.Path}. Compare it with the site's.");
        _isNew = false;
        return true;
    }

    private X509Certificate2 Read(string pem)
    {
        try
        {
            return X509CertificateLoader.LoadCertificate(PemOf(pem));
        }
        catch (CryptographicException damage)
        {
            throw new RemoteException($"{url.Authority} does not show the certificate of a site of Edge. Check the address.", EdgeCli.Failed, damage);
        }
    }

    private static byte[] PemOf(string text) => PemEncoding.TryFind(text, out var fields) && text[fields.Label] == "CERTIFICATE" ? Convert.FromBase64String(text[fields.Base64Data]) : throw new CryptographicException("There is no certificate.");
}

using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Edge.Cluster.Trust;

namespace Edge.Node.Cli.Remote;

/// <summary>
/// Decides whether a server is a node of the site that the person means: its certificate chains to the CA with the known fingerprint. Names and dates do not decide: nodes move between addresses, and a
/// Pi's clock may be years off. At the first contact with a server whose CA nobody told, the CA that it shows is kept, and the person is told so.
/// </summary>
internal sealed class ServerTrust(Uri url, byte[]? told, KnownSites known, TextWriter errors)
{
    /// <summary>Why the server was refused; null if it was not.</summary>
    public string? Refusal { get; private set; }

    /// <summary>Reads 64 hexadecimal digits, with or without colons and <c>sha256:</c>; null if it is something else.</summary>
    public static byte[]? ParseFingerprint(string text)
    {
        var digits = (text.StartsWith("sha256:", StringComparison.OrdinalIgnoreCase) ? text["sha256:".Length..] : text).Replace(":", "", StringComparison.Ordinal);
        return digits.Length == 64 && digits.All(char.IsAsciiHexDigit) ? Convert.FromHexString(digits) : null;
    }

    /// <summary>For TLS.</summary>
    public bool Judge(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors problems)
    {
        var expected = told ?? known.Find(url.Authority);
        var shown = Authority(certificate as X509Certificate2, chain);
        if (shown is null)
        {
            Refusal = $"{url.Authority} shows a certificate that is not of a site of Edge (no CA with it that signed it). Check the address.";
            return false;
        }
        if (expected is null)
        {
            known.Keep(url.Authority, shown);
            errors.WriteLine($"First contact with {url.Authority}: its site's CA has the fingerprint {Convert.ToHexStringLower(shown)}, kept in {known.Path}. Compare it with the one that 'edge up' prints on a node.");
            return true;
        }
        if (CryptographicOperations.FixedTimeEquals(expected, shown)) return true;
        Refusal = $"{url.Authority} is of another site: its CA has the fingerprint {Convert.ToHexStringLower(shown)}, expected is {Convert.ToHexStringLower(expected)}. Nothing was sent. If the site was made anew, remove the line of {url.Authority} from {known.Path}.";
        return false;
    }

    // Fingerprint of the CA that came with the certificate and signed it; null if none did.
    private static byte[]? Authority(X509Certificate2? certificate, X509Chain? chain)
    {
        if (certificate is null || chain is null) return null;
        foreach (var candidate in chain.ChainPolicy.ExtraStore.Concat(chain.ChainElements.Select(element => element.Certificate)).Where(one => one.Thumbprint != certificate.Thumbprint))
        {
            using var own = new X509Chain();
            own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            own.ChainPolicy.CustomTrustStore.Add(candidate);
            own.ChainPolicy.VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid;
            own.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            own.ChainPolicy.DisableCertificateDownloads = true;
            own.ChainPolicy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.1"));
            if (own.Build(certificate) && own.ChainElements is [_, _]) return Fingerprints.OfCertificate(candidate.RawDataMemory.Span);
        }
        return null;
    }
}

using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Edge.Cluster.Trust;

/// <summary>
/// Decides whether a certificate is that of a node of this site: it chains to the site's CA and to no other root, the book lists its name, and the book lists that name with its key. Dates do
/// not decide, nothing is downloaded, nothing is asked of a revocation list: the book is the list. Pure but for the roster; thread-safe.
/// </summary>
/// <param name="authority">The site CA's certificate.</param>
/// <param name="roster">Who is of the site.</param>
public sealed class PeerTrust(X509Certificate2 authority, PeerRoster roster)
{
    /// <summary>Who is of the site.</summary>
    public PeerRoster Roster => roster;

    /// <summary>Of a peer that called.</summary>
    public PeerVerdict Judge(X509Certificate2? certificate)
    {
        if (certificate is null)
            return new PeerVerdict.NoCertificate();
        if (!ChainsTo(authority, certificate) || NameOf(certificate) is not { } name)
            return new PeerVerdict.ForeignCertificate(Subject(certificate));
        var key = Fingerprints.OfKey(certificate);
        return Judge(name, key);
    }

    /// <summary>Of a peer that was dialled by name: the certificate must carry that name.</summary>
    public PeerVerdict Judge(X509Certificate2? certificate, string dialled) => Judge(certificate) switch
    {
        PeerVerdict.Trusted trusted when trusted.Name != dialled => new PeerVerdict.WrongName(dialled, trusted.Name),
        var verdict => verdict,
    };

    /// <summary>Of a peer whose certificate was seen before: is it listed still?</summary>
    public PeerVerdict Judge(string name, byte[] key) => roster.Find(name) switch
    {
        RosterEntry.Unlisted => new PeerVerdict.UnlistedNode(name),
        RosterEntry.Listed listed when !listed.KeyFingerprint.Span.SequenceEqual(key) => new PeerVerdict.OtherKey(name, key),
        _ => new PeerVerdict.Trusted(name, key),
    };

    /// <summary>How a chain to this site's CA is built.</summary>
    internal X509ChainPolicy Policy() => PolicyOf(authority);

    /// <summary>Whether a node certificate was signed by an authority.</summary>
    internal static bool ChainsTo(X509Certificate2 authority, X509Certificate2 certificate)
    {
        using var chain = new X509Chain { ChainPolicy = PolicyOf(authority) };
        var valid = chain.Build(certificate);
        // Two links exactly: the authority is no node, and no node signs.
        return valid && chain.ChainElements is [_, var root] && root.Certificate.RawDataMemory.Span.SequenceEqual(authority.RawDataMemory.Span);
    }

    /// <summary>The one DNS name in a node's certificate; null if there is none, or more.</summary>
    internal static string? NameOf(X509Certificate2 certificate)
    {
        try
        {
            var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(extension => extension.EnumerateDnsNames()).Take(2).ToArray();
            return names is [var name] && NodeName.IsValid(name) ? name : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>A TLS server (RFC 5280 4.2.1.12).</summary>
    internal static Oid ServerUse() => new("1.3.6.1.5.5.7.3.1");

    /// <summary>A TLS client.</summary>
    internal static Oid ClientUse() => new("1.3.6.1.5.5.7.3.2");

    /// <summary>How a chain to an authority is built: this root alone, no dates, no network.</summary>
    internal static X509ChainPolicy PolicyOf(X509Certificate2 authority)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.Add(authority);
        // A node's certificate has both uses: it dials and it answers.
        policy.ApplicationPolicy.Add(ServerUse());
        policy.ApplicationPolicy.Add(ClientUse());
        return policy;
    }

    // What a stranger writes into its certificate goes to the log: short, and on one line.
    private static string Subject(X509Certificate2 certificate)
    {
        const int longest = 80;
        var subject = new string([.. certificate.Subject.Select(letter => char.IsControl(letter) ? ' ' : letter)]);
        return subject.Length <= longest ? subject : subject[..longest] + "…";
    }
}

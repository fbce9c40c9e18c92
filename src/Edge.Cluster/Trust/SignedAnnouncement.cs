using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Edge.Messages.Site;
using Google.Protobuf;

namespace Edge.Cluster.Trust;

/// <summary>
/// What a node says on the LAN, signed with its key: who it is, of which site, and where. Whoever hears it believes an address to try and nothing else; the signature keeps strangers from
/// sending nodes to wrong addresses, and a repeated one cannot do harm, because the certificate at the address decides. Pure.
/// </summary>
public static class SignedAnnouncement
{
    /// <summary>Longest datagram: it fits an Ethernet frame, so that it is never fragmented.</summary>
    public const int BytesMax = 1400;

    /// <summary>Signs an announcement.</summary>
    public static byte[] Write(NodeIdentity identity, AnnouncementBody body)
    {
        ArgumentNullException.ThrowIfNull(identity);
        var signed = body.ToByteString();
        return new Announcement
        {
            Body = signed,
            Signature = ByteString.CopyFrom(identity.Sign(signed.Span)),
            Certificate = ByteString.CopyFrom(identity.Certificate.RawData),
            CaCertificate = ByteString.CopyFrom(identity.AuthorityCertificate.RawData),
        }.ToByteArray();
    }

    /// <summary>Reads what came from the LAN.</summary>
    /// <param name="datagram">The bytes.</param>
    /// <param name="authorityFingerprint">SHA-256 of the CA that is listened for.</param>
    public static AnnouncementRead Read(ReadOnlySpan<byte> datagram, ReadOnlySpan<byte> authorityFingerprint)
    {
        if (datagram.Length > BytesMax)
            return new AnnouncementRead.Noise();
        try
        {
            var announcement = Announcement.Parser.ParseFrom(datagram);
            // The cheap test first: most of what a stranger sends, and all of another site, ends here.
            if (!Fingerprints.OfCertificate(announcement.CaCertificate.Span).AsSpan().SequenceEqual(authorityFingerprint))
                return new AnnouncementRead.OtherSite(AnnouncementBody.Parser.ParseFrom(announcement.Body).SiteName);
            using var authority = X509CertificateLoader.LoadCertificate(announcement.CaCertificate.Span);
            using var certificate = X509CertificateLoader.LoadCertificate(announcement.Certificate.Span);
            using var key = certificate.GetECDsaPublicKey();
            var body = AnnouncementBody.Parser.ParseFrom(announcement.Body);
            return key is not null && key.VerifyData(announcement.Body.Span, announcement.Signature.Span, HashAlgorithmName.SHA256) && PeerTrust.NameOf(certificate) == body.Node && PeerTrust.ChainsTo(authority, certificate)
                ? new AnnouncementRead.OfSite(body)
                : new AnnouncementRead.Noise();
        }
        catch (Exception damage) when (damage is InvalidProtocolBufferException or CryptographicException)
        {
            return new AnnouncementRead.Noise();
        }
    }
}

/// <summary>What a datagram was.</summary>
public abstract record AnnouncementRead
{
    private AnnouncementRead()
    {
    }

    /// <summary>A node of the site that is listened for, signed by it.</summary>
    public sealed record OfSite(AnnouncementBody Body) : AnnouncementRead;

    /// <summary>Another site's, by its own word.</summary>
    public sealed record OtherSite(string Name) : AnnouncementRead;

    /// <summary>Damaged, forged, or no announcement at all.</summary>
    public sealed record Noise : AnnouncementRead;
}

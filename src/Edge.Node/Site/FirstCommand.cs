using System.Security.Cryptography;
using Edge.Cluster.Book;
using Edge.Cluster.Trust;
using Edge.Messages.Book;
using Google.Protobuf;

namespace Edge.Node.Site;

/// <summary>The first command of a site's book: the site, its first node, and the first administrator's token.</summary>
internal static class FirstCommand
{
    public static BookCommand Of(NodeIdentity identity, NodeRecord about, PersonToken admin, DateTimeOffset now)
    {
        var micros = (now - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        return new BookCommand
        {
            RequestId = ByteString.CopyFrom(RandomNumberGenerator.GetBytes(16)),
            Who = identity.Name,
            TimeUs = micros,
            Format = BookFormat.Current,
            FoundSite = new()
            {
                Site = new()
                {
                    Id = identity.SiteId,
                    Name = identity.SiteName,
                    Incarnation = 1,
                    Format = BookFormat.Current,
                    CaFingerprint = ByteString.CopyFrom(identity.AuthorityFingerprint),
                    CaCertificate = ByteString.CopyFrom(identity.AuthorityCertificate.RawData),
                    CreatedUs = micros,
                },
                Node = about,
                Admin = new()
                {
                    Id = admin.Id,
                    Hash = ByteString.CopyFrom(admin.SecretHash),
                    Purpose = TokenPurpose.Person,
                    CreatedUs = micros,
                    CreatedBy = identity.Name,
                    Role = Role.Admin,
                    Name = "first",
                },
            },
        };
    }
}

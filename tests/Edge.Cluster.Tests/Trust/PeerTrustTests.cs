using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Edge.Cluster.Book;
using Edge.Cluster.Trust;

namespace Edge.Cluster.Tests.Trust;

public sealed class PeerTrustTests : IDisposable
{
    private readonly TestSite _site = new();

    [Fact]
    public void A_listed_node_with_its_own_key_is_trusted_under_its_name()
    {
        var trusted = Assert.IsType<PeerVerdict.Trusted>(_site.Trust.Judge(_site.Node("b").Certificate));
        Assert.Equal("b", trusted.Name);
    }

    [Fact]
    public void Dates_do_not_decide()
    {
        var now = DateTimeOffset.UnixEpoch.AddYears(56);
        using var expired = _site.NodeWithDates("old", now.AddYears(-20), now.AddYears(-10));
        using var early = _site.NodeWithDates("early", now.AddYears(50), now.AddYears(60));
        Assert.IsType<PeerVerdict.Trusted>(_site.Trust.Judge(expired.Certificate));
        Assert.IsType<PeerVerdict.Trusted>(_site.Trust.Judge(early.Certificate));
    }

    [Fact]
    public void Another_site_with_the_same_names_is_foreign()
    {
        using var other = new TestSite();
        Assert.IsType<PeerVerdict.ForeignCertificate>(_site.Trust.Judge(other.First.Certificate));
    }

    [Fact]
    public void A_certificate_that_signed_itself_is_foreign_and_its_subject_is_kept_short()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var itself = new CertificateRequest($"CN={new string('x', 500)}", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        var foreign = Assert.IsType<PeerVerdict.ForeignCertificate>(_site.Trust.Judge(itself));
        Assert.InRange(foreign.Subject.Length, 1, 90);
    }

    [Fact]
    public void The_authority_itself_is_no_node() => Assert.IsType<PeerVerdict.ForeignCertificate>(_site.Trust.Judge(_site.Authority.Certificate));

    [Fact]
    public void A_node_that_the_book_does_not_list_is_refused_by_name()
    {
        var node = _site.Node("b", listed: false);
        Assert.Equal(new PeerVerdict.UnlistedNode("b"), _site.Trust.Judge(node.Certificate));
    }

    [Fact]
    public void A_removed_node_stays_refused_when_its_name_is_given_to_another()
    {
        var old = _site.Node("b");
        File.Delete(_site.PathOf("b", "node.key"));
        _site.Remove("b");
        var successor = _site.Node("b");
        Assert.IsType<PeerVerdict.OtherKey>(_site.Trust.Judge(old.Certificate));
        Assert.IsType<PeerVerdict.Trusted>(_site.Trust.Judge(successor.Certificate));
    }

    [Fact]
    public void A_true_node_does_not_pass_for_another() =>
        Assert.Equal(new PeerVerdict.WrongName("c", "b"), _site.Trust.Judge(_site.Node("b").Certificate, dialled: "c"));

    [Fact]
    public void With_an_empty_book_the_authority_and_the_name_must_do()
    {
        var trust = new PeerTrust(_site.First.AuthorityCertificate, PeerRoster.Of(() => BookState.Empty));
        Assert.IsType<PeerVerdict.Trusted>(trust.Judge(_site.Node("b", listed: false).Certificate, dialled: "b"));
    }

    [Fact]
    public void A_voter_of_the_log_is_trusted_while_the_book_lags()
    {
        var node = _site.Node("b", listed: false);
        var trust = new PeerTrust(_site.First.AuthorityCertificate, new PeerRoster(() => _site.Book.Current, name => name == "b"));
        Assert.IsType<PeerVerdict.Trusted>(trust.Judge(node.Certificate));
    }

    public void Dispose() => _site.Dispose();
}

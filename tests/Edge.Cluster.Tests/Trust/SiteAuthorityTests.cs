using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Edge.Cluster.Trust;

namespace Edge.Cluster.Tests.Trust;

public sealed class SiteAuthorityTests : IDisposable
{
    private readonly SiteAuthority _authority = SiteAuthority.Found();

    [Fact]
    public void A_certificate_says_what_the_authority_says_whatever_the_request_asks_for()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=a,O=Other", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var issued = Assert.IsType<IssueOutcome.Issued>(_authority.Issue(request.CreateSigningRequest(), "b"));
        using var certificate = X509CertificateLoader.LoadCertificate(issued.Der);
        Assert.Equal("CN=b", certificate.Subject);
        Assert.False(certificate.Extensions.OfType<X509BasicConstraintsExtension>().Single().CertificateAuthority);
        Assert.Equal("b", PeerTrust.NameOf(certificate));
        Assert.True(PeerTrust.ChainsTo(_authority.Certificate, certificate));
    }

    [Fact]
    public void A_request_that_its_key_did_not_sign_is_refused()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=b", key, HashAlgorithmName.SHA256).CreateSigningRequest();
        request[^1] ^= 1;
        Assert.Contains("P-256", Assert.IsType<IssueOutcome.Refused>(_authority.Issue(request, "b")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_of_another_kind_is_refused()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=b", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSigningRequest();
        Assert.IsType<IssueOutcome.Refused>(_authority.Issue(request, "b"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Pi-1")]
    [InlineData("a.b")]
    [InlineData("-a")]
    [InlineData("a\n")]
    public void A_name_that_is_no_label_is_refused_with_what_is_allowed(string name)
    {
        using var key = NodeKey.Make();
        Assert.Contains("a–z", Assert.IsType<IssueOutcome.Refused>(_authority.Issue(key.Request("x"), name)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_exported_authority_signs_for_the_same_site()
    {
        using var other = SiteAuthority.Import(_authority.Export());
        Assert.NotNull(other);
        using var key = NodeKey.Make();
        using var certificate = X509CertificateLoader.LoadCertificate(Assert.IsType<IssueOutcome.Issued>(other.Issue(key.Request("b"), "b")).Der);
        Assert.True(PeerTrust.ChainsTo(_authority.Certificate, certificate));
    }

    [Fact]
    public void Damaged_bytes_are_no_authority()
    {
        Assert.Null(SiteAuthority.Import([1, 2, 3]));
        Assert.Null(SiteAuthority.Import([]));
    }

    public void Dispose() => _authority.Dispose();
}

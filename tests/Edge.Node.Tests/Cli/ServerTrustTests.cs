using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Edge.Cluster.Trust;
using Edge.Node.Cli.Remote;
using Edge.Node.Tests.Admin;

namespace Edge.Node.Tests.Cli;

/// <summary>HTTPS with a node's certificate: the client goes by the fingerprint of the site's CA.</summary>
public sealed class ServerTrustTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("edge-known-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task The_CA_seen_first_is_kept_and_another_one_is_refused_before_anything_is_sent()
    {
        using var plant = SiteAuthority.Found();
        using var other = SiteAuthority.Found();
        using var certificate = CertificateOf(plant, "pi-1");
        await using var fixture = await AdminFixture.StartAsync(certificate: certificate, authority: plant.Certificate);
        Assert.Equal("https", fixture.Server.LocalUrl.Scheme);
        var known = new KnownSites(Path.Combine(_folder.FullName, "edge", "known-sites"));
        using var said = new StringWriter();

        await AskAsync(fixture, known, null, said);
        Assert.Contains(Convert.ToHexStringLower(Fingerprints.OfCertificate(plant.Certificate.RawDataMemory.Span)), said.ToString(), StringComparison.Ordinal);
        await AskAsync(fixture, known, null, TextWriter.Null);

        known.Keep(fixture.Server.LocalUrl.Authority, Fingerprints.OfCertificate(other.Certificate.RawDataMemory.Span));
        var refused = await Assert.ThrowsAsync<RemoteException>(() => AskAsync(fixture, known, null, TextWriter.Null));
        Assert.Contains("is of another site", refused.Message, StringComparison.Ordinal);
        await AskAsync(fixture, known, Fingerprints.OfCertificate(plant.Certificate.RawDataMemory.Span), TextWriter.Null);

        // A server that shows the right CA but has no certificate of it.
        using var foreign = CertificateOf(other, "pi-1");
        await using var impostor = await AdminFixture.StartAsync(certificate: foreign, authority: plant.Certificate);
        var untrusted = await Assert.ThrowsAsync<RemoteException>(() => AskAsync(impostor, known, Fingerprints.OfCertificate(plant.Certificate.RawDataMemory.Span), TextWriter.Null));
        Assert.Contains("something stands between", untrusted.Message, StringComparison.Ordinal);

        // The command finds the fingerprint in the data folder, beside the address.
        var (code, _, errors) = await fixture.EdgeAsync("node", "ls");
        Assert.True(code == 0, errors);
    }

    private static async Task AskAsync(AdminFixture fixture, KnownSites known, byte[]? told, TextWriter said)
    {
        using var client = new ApiClient(fixture.Server.LocalUrl, fixture.LocalTokenText, new ServerTrust(fixture.Server.LocalUrl, told, known, said));
        await client.TextAsync("api/v1/nodes");
    }

    private static X509Certificate2 CertificateOf(SiteAuthority authority, string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256).CreateSigningRequest();
        using var issued = X509CertificateLoader.LoadCertificate(Assert.IsType<IssueOutcome.Issued>(authority.Issue(request, name)).Der);
        return issued.CopyWithPrivateKey(key);
    }
}

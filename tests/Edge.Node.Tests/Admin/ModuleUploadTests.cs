using System.Net;
using Edge.Messages.Modules;
using Edge.Node.Storage;

namespace Edge.Node.Tests.Admin;

public sealed class ModuleUploadTests
{
    [Fact]
    public async Task Bytes_are_taken_under_their_own_digest_only()
    {
        await using var fixture = await AdminFixture.StartAsync();
        var (wasm, digest) = (SiteText.Wasm, ModuleDigest.Of(SiteText.Wasm));
        Assert.Equal(HttpStatusCode.NotFound, (await fixture.GetAsync($"api/v1/modules/{digest.Hex}")).Code);

        var (wrong, body) = await AdminFixture.SendAsync(fixture.Http, HttpMethod.Put, $"api/v1/modules/{new string('a', 64)}", wasm);
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "wrong_digest"), (wrong, body.GetProperty("error").GetString()));
        Assert.Contains(digest.ToString(), body.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Path.Combine(fixture.Data, "blobs")));

        Assert.Equal(HttpStatusCode.Created, (await AdminFixture.SendAsync(fixture.Http, HttpMethod.Put, $"api/v1/modules/{digest.Hex}", wasm)).Code);
        Assert.Equal(HttpStatusCode.OK, (await AdminFixture.SendAsync(fixture.Http, HttpMethod.Put, $"api/v1/modules/{digest.Hex}", wasm)).Code);
        Assert.Equal(HttpStatusCode.OK, (await fixture.GetAsync($"api/v1/modules/{digest.Hex}")).Code);
        Assert.Equal(wasm, await File.ReadAllBytesAsync(fixture.Modules.PathOf(digest), TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.BadRequest, (await AdminFixture.SendAsync(fixture.Http, HttpMethod.Put, "api/v1/modules/ABC", wasm)).Code);
    }
}

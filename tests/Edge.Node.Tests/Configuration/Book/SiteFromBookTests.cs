using Edge.Actors.Channels;
using Edge.Cluster.Book;
using Edge.Messages.Book;
using Edge.Messages.Modules;
using Edge.Node.Configuration.Book;
using Edge.Node.Tests.Admin;
using Google.Protobuf;

namespace Edge.Node.Tests.Configuration.Book;

public sealed class SiteFromBookTests
{
    private static readonly string Digest = new('d', 64);

    [Fact]
    public void Resources_of_the_book_become_the_site_that_files_would()
    {
        BookSite Read() => Load(Tenant(), Module(), Channel("heart", ""","rate":"360 Hz","block":{"count":12},"durability":"replicated","placement":{"labels":["arch=arm64"],"prefer":["model=rpi4"],"antiAffinity":["lung"],"node":"pi-1"}"""), Channel("lung", ""));
        var site = Read();
        Assert.Empty(site.Findings);
        Assert.Equal(Read().Site.Channels[0].Placement, site.Site.Channels[0].Placement);
        var channel = site.Site.Channels[0];
        Assert.Equal(("heart", 360.0, 12, Durability.Replicated, OnPartition.Continue), (channel.Id.Name, channel.RateHz, channel.Block.Count, channel.Durability, channel.OnPartition));
        Assert.Equal((new Label("arch", "arm64"), new Label("model", "rpi4"), "lung", "pi-1"), (channel.Placement.Labels[0], channel.Placement.Prefer[0], channel.Placement.AntiAffinity[0], channel.Placement.Node));
        Assert.Equal($"/blobs/{Digest}.wasm", site.Site.Modules[0].File);
        Assert.Equal("""{"gain":2.5,"text":"007"}""", System.Text.Encoding.UTF8.GetString(site.Site.Modules[0].Config.Span));
    }

    [Fact]
    public void What_has_a_mistake_is_left_out_with_what_depends_on_it_and_the_rest_runs()
    {
        var broken = Resource("Module", "acme", "broken", """{"apiVersion":"edge/v1","kind":"Module","metadata":{"name":"broken","tenant":"acme"},"spec":{"file":"x","capabilities":["random"]}}""", Digest);
        var needs = Resource("Channel", "acme", "needs", """{"apiVersion":"edge/v1","kind":"Channel","metadata":{"name":"needs","tenant":"acme"},"spec":{"source":{"topic":"b"},"module":"broken"}}""");
        var site = Load(Tenant(), Module(), Channel("lung", ""), broken, needs, Resource("Channel", "acme", "damaged", "no json"));
        Assert.Equal(["lung"], site.Site.Channels.Select(channel => channel.Id.Name));
        Assert.Equal(["mean"], site.Site.Modules.Select(module => module.Id.Name));
        Assert.Equal(["book:Channel/acme/damaged", "book:Module/acme/broken", "book:Channel/acme/needs"], site.Findings.Select(finding => finding.Place.File));
    }

    [Fact]
    public void A_channel_whose_module_may_write_to_the_world_holds_without_being_told()
    {
        var tenant = Resource("Tenant", "", "acme", """{"apiVersion":"edge/v1","kind":"Tenant","metadata":{"name":"acme"},"spec":{"capabilities":["gpio:gpiochip0/17:out"]}}""");
        var module = Resource("Module", "acme", "mean", """{"apiVersion":"edge/v1","kind":"Module","metadata":{"name":"mean","tenant":"acme"},"spec":{"file":"x","capabilities":["gpio:gpiochip0/17:out"]}}""", Digest);
        Assert.Equal(OnPartition.Hold, Load(tenant, module, Channel("heart", "")).Site.Channels[0].OnPartition);
        var told = Load(tenant, module, Channel("heart", ""","onPartition":"continue" """));
        Assert.Empty(told.Site.Channels);
        Assert.Contains("may write to the world ('gpio", told.Findings[0].Message.Replace("(gpio", "('gpio", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    private static BookSite Load(params Resource[] resources) =>
        SiteFromBook.Load(BookState.Empty with { Resources = BookState.Empty.Resources.AddRange(resources.Select(resource => KeyValuePair.Create(ResourceId.Of(resource), resource))) }, (ModuleDigest digest) => $"/blobs/{digest.Hex}.wasm");

    private static Resource Tenant() => Resource("Tenant", "", "acme", """{"apiVersion":"edge/v1","kind":"Tenant","metadata":{"name":"acme"},"spec":{"capabilities":["log"]}}""");

    private static Resource Module() => Resource("Module", "acme", "mean", """{"apiVersion":"edge/v1","kind":"Module","metadata":{"name":"mean","tenant":"acme"},"spec":{"file":"mean.wasm","config":{"gain":2.5,"text":"007"}}}""", Digest);

    private static Resource Channel(string name, string more) => Resource("Channel", "acme", name,
        $$$"""{"apiVersion":"edge/v1","kind":"Channel","metadata":{"name":"{{{name}}}","tenant":"acme"},"spec":{"source":{"topic":"in/{{{name}}}"},"module":"mean"{{{more}}}}}""");

    private static Resource Resource(string kind, string tenant, string name, string document, string digest = "") =>
        new() { Kind = kind, Tenant = tenant, Name = name, Document = ByteString.CopyFromUtf8(document), Digest = digest };
}

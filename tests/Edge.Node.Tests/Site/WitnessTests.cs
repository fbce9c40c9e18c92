using Edge.Node.Tests.Hosting;

namespace Edge.Node.Tests.Site;

/// <summary>The third vote of a site with two nodes, with real processes.</summary>
[Collection("sites of processes")]
public sealed class WitnessTests
{
    [Fact]
    public async Task With_a_witness_a_site_of_two_nodes_outlives_either_and_without_one_it_says_that_it_does_not()
    {
        using var folder = new NodeFolder().WithCounter();
        await using var site = new TestSite();
        await site.StartAsync("n1", manifests: folder.Manifests);
        await site.StartAsync("n2", through: "n1");
        Assert.Contains("One voter: if n1 dies, nothing fails over.", await TestSite.CliAsync("node", "ls", "--data", site.Data("n2")), StringComparison.Ordinal);

        await site.WitnessAsync("w", through: "n1");
        var nodes = await site.UntilVotersAsync("n2", "n1", "n2", "w");
        Assert.False(nodes.TryGetProperty("advice", out _));
        await site.UntilOwnedAsync("n2", "default/counts", "n1", "n2");

        await site.KillAsync("n1");
        await site.UntilOwnedAsync("n2", "default/counts", "n2");

        // Nothing is placed on the witness, and it comes back without a token.
        await site.KillAsync("w");
        await site.WitnessAsync("w");
        await site.UntilVotersAsync("n2", "n2", "w");
    }

    [Fact]
    public async Task A_witness_founds_no_site_and_takes_no_nodes_folder()
    {
        await using var site = new TestSite();
        await site.StartAsync("n1");
        await site.StopAsync("n1");

        var (exitCode, _, errors) = await EdgeProcess.RunAsync("witness", "--data", site.Data("w"), "--peers", "127.0.0.1:0", "--no-announce");
        Assert.Equal(1, exitCode);
        Assert.Contains("A witness joins a site that is there", errors, StringComparison.Ordinal);
        (exitCode, _, errors) = await EdgeProcess.RunAsync("witness", "--data", site.Data("n1"), "--peers", "127.0.0.1:0", "--no-announce");
        Assert.Equal(1, exitCode);
        Assert.Contains("takes readings", errors, StringComparison.Ordinal);
    }
}

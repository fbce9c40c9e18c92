using Edge.Node.Tests.Hosting;
using Edge.Node.Tests.Mqtt;
using MQTTnet;
using MQTTnet.Protocol;

namespace Edge.Node.Tests.Site;

/// <summary>What an operator does when nodes, disks or all of a site are gone, with real processes.</summary>
[Collection("sites of processes")]
public sealed class RecoveryTests
{
    private const string Channel = "default/counts";

    [Fact]
    public async Task A_site_whose_other_nodes_are_gone_goes_on_from_the_third_in_the_second_incarnation()
    {
        using var folder = new NodeFolder().WithCounter();
        await using var site = new TestSite();
        await FormAsync(site, folder);
        await site.KillAsync("n1", disk: true);
        await site.KillAsync("n2", disk: true);
        await site.KillAsync("n3");

        var (refused, _, why) = await EdgeProcess.RunAsync("site", "recover", "--data", site.Data("n3"));
        Assert.Equal(1, refused);
        Assert.Contains("--i-know-the-others-are-gone", why, StringComparison.Ordinal);
        var said = await TestSite.CliAsync("site", "recover", "--i-know-the-others-are-gone", "--data", site.Data("n3"));
        Assert.Contains("incarnation 2", said, StringComparison.Ordinal);
        Assert.Contains("Not of the site any more: n1, n2", said, StringComparison.Ordinal);

        await site.StartAsync("n3");
        await RunsAsync(site, "n3");
        await site.UntilAsync("n3", "placements", "an epoch of incarnation 2", state => state.GetProperty("items").EnumerateArray().All(one => one.GetProperty("epoch").GetString()!.StartsWith("2.", StringComparison.Ordinal)));

        // Who comes anew is of the site like any other.
        await site.StartAsync("n1", through: "n3");
        await site.StartAsync("n2", through: "n3");
        await site.UntilVotersAsync("n2", "n1", "n2", "n3");
    }

    [Fact]
    public async Task A_backup_goes_on_in_an_empty_data_folder_with_an_authority_of_its_own()
    {
        using var folder = new NodeFolder().WithCounter();
        await using var site = new TestSite();
        await site.StartAsync("n1", manifests: folder.Manifests);
        await site.UntilOwnedAsync("n1", Channel, "n1");
        var file = site.Data("backup");
        Assert.Contains("backed up", await TestSite.CliAsync("site", "backup", file, "--data", site.Data("n1")), StringComparison.Ordinal);
        await site.KillAsync("n1", disk: true);

        var said = await TestSite.CliAsync("site", "restore", file, "--data", site.Data("n4"), "--name", "n4");
        Assert.Contains("Not of the site any more: n1", said, StringComparison.Ordinal);
        Assert.Contains("Apply their manifests again", said, StringComparison.Ordinal);
        await site.StartAsync("n4");
        Assert.Contains("counts", await TestSite.CliAsync("get", "channels", "--data", site.Data("n4")), StringComparison.Ordinal);
        await TestSite.CliAsync("apply", "-f", folder.Manifests, "--data", site.Data("n4"));
        await RunsAsync(site, "n4");
    }

    [Fact]
    public async Task A_backup_that_was_changed_is_refused()
    {
        await using var site = new TestSite();
        await site.StartAsync("n1");
        var file = site.Data("backup");
        await TestSite.CliAsync("site", "backup", file, "--data", site.Data("n1"));
        var bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        bytes[^5] ^= 1;
        await File.WriteAllBytesAsync(file, bytes, TestContext.Current.CancellationToken);

        var (exitCode, _, errors) = await EdgeProcess.RunAsync("site", "restore", file, "--data", site.Data("n2"), "--name", "n2");
        Assert.Equal(1, exitCode);
        Assert.Contains("damaged", errors, StringComparison.Ordinal);

        // A running node holds its folder.
        (exitCode, _, errors) = await EdgeProcess.RunAsync("site", "restore", file, "--data", site.Data("n1"));
        Assert.Equal(1, exitCode);
        Assert.Contains("is in use by process", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_voter_that_lost_its_disk_comes_back_as_a_new_one_under_its_name()
    {
        using var folder = new NodeFolder().WithCounter();
        await using var site = new TestSite();
        await FormAsync(site, folder);
        await site.KillAsync("n3", disk: true);

        await TestSite.CliAsync("node", "rm", "n3", "--data", site.Data("n1"));
        await site.StartAsync("n3", through: "n1");
        await site.UntilVotersAsync("n3", "n1", "n2", "n3");
    }

    [Fact]
    public async Task A_node_that_left_joins_again_with_its_readings_and_another_vote()
    {
        using var folder = new NodeFolder().WithCounter();
        await using var site = new TestSite();
        await FormAsync(site, folder);
        var log = await File.ReadAllTextAsync(Path.Combine(site.Data("n3"), "site", "log"), TestContext.Current.CancellationToken);
        await site.KillAsync("n3");

        Assert.Contains("belongs to no site now", await TestSite.CliAsync("site", "leave", "--data", site.Data("n3")), StringComparison.Ordinal);
        await TestSite.CliAsync("node", "rm", "n3", "--data", site.Data("n1"));
        await site.StartAsync("n3", through: "n1");
        await site.UntilVotersAsync("n3", "n1", "n2", "n3");
        Assert.Equal(log, await File.ReadAllTextAsync(Path.Combine(site.Data("n3"), "site", "log"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_voter_with_a_damaged_log_says_so_follows_and_votes_again()
    {
        using var folder = new NodeFolder().WithCounter();
        await using var site = new TestSite();
        await FormAsync(site, folder);
        await site.KillAsync("n3");
        var data = Directory.EnumerateFiles(Path.Combine(site.Data("n3"), "site", "book", "log", "data")).Order(StringComparer.Ordinal).Last();
        var bytes = await File.ReadAllBytesAsync(data, TestContext.Current.CancellationToken);
        bytes[Array.FindLastIndex(bytes, value => value != 0) - 5] ^= 0x40;
        await File.WriteAllBytesAsync(data, bytes, TestContext.Current.CancellationToken);

        await site.StartAsync("n3");
        await site.UntilVotersAsync("n1", "n1", "n2", "n3");
        Assert.Contains("cannot be trusted", site["n3"].Process.Errors, StringComparison.Ordinal);
        Assert.Single(Directory.EnumerateDirectories(Path.Combine(site.Data("n3"), "site"), "book.damaged-*"));
    }

    private static async Task FormAsync(TestSite site, NodeFolder folder)
    {
        await site.StartAsync("n1", manifests: folder.Manifests);
        await site.StartAsync("n2", through: "n1");
        await site.StartAsync("n3", through: "n1");
        await site.UntilVotersAsync("n3", "n1", "n2", "n3");
        await site.UntilOwnedAsync("n3", Channel, "n1", "n2", "n3");
    }

    // The channel takes a reading and gives an output.
    private static async Task RunsAsync(TestSite site, string node)
    {
        await site.UntilOwnedAsync(node, Channel, node);
        var client = await site[node].ConnectAsync("client");
        var outputs = new MessageQueue(client);
        await client.SubscribeAsync("out/#", cancellationToken: TestContext.Current.CancellationToken);
        await client.PublishAsync(
            new MqttApplicationMessageBuilder().WithTopic("in/a").WithPayload("x").WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).WithUserProperty("seq", "1"u8.ToArray().AsMemory()).Build(),
            TestContext.Current.CancellationToken);
        await outputs.NextAsync($"an output of channel {Channel} on {node}");
    }
}

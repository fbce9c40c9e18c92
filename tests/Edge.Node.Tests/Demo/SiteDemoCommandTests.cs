using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Edge.Node.Tests.Storage;

namespace Edge.Node.Tests.Demo;

/// <summary>The demo of several nodes as a newcomer runs it: real processes, one of which dies.</summary>
public sealed partial class SiteDemoCommandTests
{
    [Fact]
    public async Task The_owner_of_the_channel_dies_and_nothing_is_lost_or_counted_twice()
    {
        var ended = await DemoProcess.RunAsync("demo", "--nodes", "3", "--headless", "--speed", "2", "--seconds", "14", "--kill-after", "4");

        Assert.True(ended.ExitCode == 0, ended.ToString());
        var summary = SummaryLine().Match(ended.Output.TrimEnd().Split('\n')[^1]);
        Assert.True(summary.Success, ended.ToString());
        Assert.Equal(("0", "0"), (summary.Groups["lost"].Value, summary.Groups["twice"].Value));
        // A dead owner's lease has to expire first: sooner would be another node acting beside it.
        Assert.InRange(double.Parse(summary.Groups["seconds"].Value, CultureInfo.InvariantCulture), 1.0, 10);
    }

    [Fact]
    public async Task Ctrl_C_ends_every_node_and_deletes_their_folders()
    {
        using var temporary = new TestFolder();
        using var demo = DemoProcess.Start(new Dictionary<string, string> { ["TMPDIR"] = temporary.Path }, "demo", "--nodes", "3", "--headless");
        await DemoProcess.FirstAsync(demo, "joined it");
        var children = await ChildrenAsync(demo.Id);

        using (var interrupt = Process.Start("kill", ["-INT", $"{demo.Id}"])) await interrupt.WaitForExitAsync(TestContext.Current.CancellationToken);
        var ended = await DemoProcess.EndAsync(demo);

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("stopped before there was anything to sum up", ended.Errors);
        Assert.NotEmpty(children);
        Assert.All(children, child => Assert.False(Directory.Exists($"/proc/{child}"), $"Process {child} runs on."));
        Assert.Empty(Directory.GetDirectories(temporary.Path, "edge-demo-*"));
    }

    [Theory]
    [InlineData("--nodes is '2'; allowed: 1, or 3 to 5.", "--nodes", "2")]
    [InlineData("--kill-after must be less than --seconds", "--nodes", "3", "--kill-after", "30")]
    [InlineData("--loop and --broker are for one node", "--nodes", "3", "--loop")]
    public async Task Bad_usage_is_answered_before_anything_starts(string said, params string[] options)
    {
        var ended = await DemoProcess.RunAsync(["demo", .. options]);

        Assert.Equal(2, ended.ExitCode);
        Assert.Contains(said, ended.Errors);
    }

    // The kernel lists a process's children by thread.
    private static async Task<string[]> ChildrenAsync(int process)
    {
        var lists = Directory.GetDirectories($"/proc/{process}/task").Select(thread => File.ReadAllTextAsync(Path.Combine(thread, "children"), TestContext.Current.CancellationToken));
        return [.. (await Task.WhenAll(lists)).SelectMany(list => list.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
    }

    [GeneratedRegex(@"^failover (?<seconds>\d+\.\d\d) s, readings lost (?<lost>\d+), beats counted twice (?<twice>\d+)$")]
    private static partial Regex SummaryLine();
}

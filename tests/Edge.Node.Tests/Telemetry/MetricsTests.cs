using System.Text.RegularExpressions;
using Edge.Node.Tests.Hosting;

namespace Edge.Node.Tests.Telemetry;

/// <summary>docs/metrics.md lists what the code measures, and nothing else.</summary>
public sealed partial class MetricsTests
{
    [Fact]
    public void The_documentation_lists_every_instrument_with_its_unit()
    {
        var documented = File.ReadLines(Path.Combine(Repository.Root, "docs", "metrics.md"))
            .Select(line => Row().Match(line)).Where(row => row.Success)
            .Select(row => $"{row.Groups["name"].Value} {row.Groups["unit"].Value}").Order(StringComparer.Ordinal);
        var written = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*Metrics.cs", SearchOption.AllDirectories)
            .SelectMany(file => Instrument().Matches(File.ReadAllText(file)))
            .Select(instrument => $"{instrument.Groups["name"].Value} {(instrument.Groups["unit"] is { Success: true } unit ? unit.Value : "as given")}")
            .Distinct().Order(StringComparer.Ordinal);

        Assert.Equal(written, documented);
    }

    [Fact]
    public async Task Prometheus_finds_what_the_node_did()
    {
        using var folder = new NodeFolder();
        await using var node = await NodeProcess.StartAsync(folder);
        var client = await node.ConnectAsync("device");
        await MQTTnet.MqttClientExtensions.PublishStringAsync(
            client, "a", "1", MQTTnet.Protocol.MqttQualityOfServiceLevel.AtLeastOnce, cancellationToken: TestContext.Current.CancellationToken);

        var text = await node.Http.GetStringAsync("metrics", TestContext.Current.CancellationToken);

        Assert.Matches(@"(?m)^edge_mqtt_received_total\{[^}]*qos=""1""[^}]*\} 1\b", text);
        Assert.Contains("edge_intake_flush_duration_seconds_bucket", text, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"^\| `(?<name>edge\.[a-z0-9_.]+)` \|[^|]*\|[^|]*\| (?<unit>[^|]+) \|")]
    private static partial Regex Row();

    // The unit is the second text of the call; a gauge may have a callback before it, or null when its values have no common unit.
    [GeneratedRegex(@"Create(?:Observable)?(?:Counter|UpDownCounter|Gauge|Histogram)(?:<\w+>)?\(\s*""(?<name>edge\.[a-z0-9_.]+)"", (?:null,|[^""]*""(?<unit>[^""]+)"")", RegexOptions.Singleline)]
    private static partial Regex Instrument();
}

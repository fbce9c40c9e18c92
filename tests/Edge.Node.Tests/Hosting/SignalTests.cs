using System.Text.Json;

namespace Edge.Node.Tests.Hosting;

public sealed class SignalTests
{
    [Fact]
    public async Task A_second_signal_ends_a_node_that_is_stopping_at_once()
    {
        using var folder = new NodeFolder().WithCounter();
        await using var node = await NodeProcess.StartAsync(folder);

        node.Process.Terminate();
        node.Process.Interrupt();

        Assert.Equal(1, await node.Process.ExitAsync());
        await using var again = await NodeProcess.StartAsync(folder);
        Assert.Equal(0, await again.StopAsync());
    }

    [Fact]
    public async Task Log_lines_are_json_objects_when_asked()
    {
        using var folder = new NodeFolder();
        Directory.CreateDirectory(folder.Data);
        await File.WriteAllTextAsync(Path.Combine(folder.Data, "state.db"), new string('x', 9000), TestContext.Current.CancellationToken);
        await using var node = EdgeProcess.Start(["up", .. folder.Arguments, "--mqtt", "127.0.0.1:0", "--http", "127.0.0.1:0", "--log", "json"]);
        await Patience.For(node.FirstLine, "the ready line");

        node.Terminate();

        Assert.Equal(0, await node.ExitAsync());
        var lines = node.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains(lines, line => line.Contains("It was moved to", StringComparison.Ordinal));
        Assert.All(lines, line => Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(line).RootElement.ValueKind));
    }
}

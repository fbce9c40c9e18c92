using System.Diagnostics;
using Edge.Node.Cli;

namespace Edge.Node.Tests.Cli;

/// <summary>What a person mistypes is answered with the value, what is allowed, and never with a stack trace. The real program runs.</summary>
public sealed class BadUsageTests
{
    [Theory]
    [InlineData("demo --speed fast", EdgeCli.BadUsage, "--speed is 'fast'; allowed: a number from 0.1 to 1000.")]
    [InlineData("demo --speed 0", EdgeCli.BadUsage, "--speed is '0'; allowed")]
    [InlineData("demo --speed NaN", EdgeCli.BadUsage, "--speed is 'NaN'; allowed")]
    [InlineData("demo --broker nowhere", EdgeCli.BadUsage, "--broker is 'nowhere'; allowed: HOST:PORT")]
    [InlineData("dmeo", EdgeCli.BadUsage, "demo")]
    [InlineData("run x.wasm --block 1.5", EdgeCli.BadUsage, "--block is '1.5'; allowed: a whole number from 1 to 65536.")]
    [InlineData("run x.wasm --deadline soon", EdgeCli.BadUsage, "--deadline is 'soon'; allowed: a number from 0.02 to 30.")]
    [InlineData("run nowhere.wasm", EdgeCli.Failed, "nowhere.wasm' does not exist. Check the name")]
    [InlineData("run README.md", EdgeCli.Failed, "README.md' is no module of ABI 1:\n  ")]
    [InlineData("module inspect nowhere.wasm", EdgeCli.Failed, "nowhere.wasm' does not exist. Check the name")]
    [InlineData("validate -f nowhere", EdgeCli.BadUsage, "nowhere:1:1 There is no such file or folder.")]
    public async Task A_mistake_is_answered_in_words(string arguments, int exitCode, string answer)
    {
        var (said, code) = await SaidAsync(arguments);

        Assert.Contains(answer, said, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", said, StringComparison.Ordinal);
        Assert.Equal(exitCode, code);
    }

    [Fact]
    public async Task All_mistakes_of_a_line_come_at_once()
    {
        var (said, code) = await SaidAsync("run x.wasm --grant lgo --config {a --grant kv:1 --block 0 --grant metirc");

        Assert.All(
            ["Did you mean 'log'?", "Did you mean 'metric'?", "--config is no JSON: ", "--block is '0'; allowed"], mistake => Assert.Contains(mistake, said, StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", said, StringComparison.Ordinal);
        Assert.Equal(EdgeCli.BadUsage, code);
    }

    [Fact]
    public async Task A_config_file_that_is_not_there_is_named()
    {
        var (said, code) = await SaidAsync("run x.wasm --config @nowhere.json");

        Assert.Contains("--config is '@nowhere.json', a file that cannot be read: ", said, StringComparison.Ordinal);
        Assert.Equal(EdgeCli.BadUsage, code);
    }

    private static async Task<(string Said, int ExitCode)> SaidAsync(string arguments)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(EdgeCli).Assembly.Location, .. arguments.Split(' ')])
        {
            WorkingDirectory = Repository.Root, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        };
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var said = await Patience.For(
            Task.WhenAll(process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)),
            $"'edge {arguments}' to end");
        await Patience.For(process.WaitForExitAsync(TestContext.Current.CancellationToken), $"'edge {arguments}' to end");

        return (string.Concat(said), process.ExitCode);
    }
}

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

        Assert.Contains(answer, string.Concat(said), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", string.Concat(said), StringComparison.Ordinal);
        Assert.Equal(exitCode, process.ExitCode);
    }
}

namespace Edge.Node.Tests.Guests;

/// <summary>The committed modules are what their sources say, byte for byte.</summary>
public class RebuildTests
{
    [Theory]
    [InlineData("c", "fir")]
    [InlineData("c", "ecg")]
    [InlineData("c", "mean")]
    [InlineData("go", "units")]
    [InlineData("go", "hello-http")]
    [InlineData("go", "wc")]
    [InlineData("assemblyscript", "echo")]
    public async Task A_sample_built_again_is_the_committed_one(string language, string sample)
    {
        await SourceTree.NeedToolchain(language, recorded: true);
        var folder = Directory.CreateTempSubdirectory("edge-rebuild-").FullName;
        try
        {
            var (exitCode, output) = await SourceTree.Run(Path.Combine(SourceTree.Guests, "build.sh"), "--out", folder, sample);
            Assert.True(exitCode == 0, output);
            var built = await File.ReadAllBytesAsync(Path.Combine(folder, sample + ".wasm"), TestContext.Current.CancellationToken);
            Assert.True(built.AsSpan().SequenceEqual(SourceTree.Built(sample)), $"guests/bin/{sample}.wasm is not what its source gives. Run guests/build.sh and commit the result.");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}

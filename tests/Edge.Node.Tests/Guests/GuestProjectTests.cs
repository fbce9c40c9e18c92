using Edge.Node.Guests;

namespace Edge.Node.Tests.Guests;

/// <summary>What <c>edge module new</c> makes builds and runs.</summary>
public class GuestProjectTests
{
    [Theory]
    [InlineData("c")]
    [InlineData("go")]
    [InlineData("assemblyscript")]
    public async Task A_new_project_builds_and_sends_messages_back(string language)
    {
        await SourceTree.NeedToolchain(language);
        var parent = Directory.CreateTempSubdirectory("edge-new-").FullName;
        try
        {
            var folder = Path.Combine(parent, "my-module");
            GuestProject.Write(folder, "my-module", language);
            var built = await GuestBuild.RunAsync(folder, debug: false, TestContext.Current.CancellationToken);
            Assert.True(built.Module == Path.Combine(folder, "my-module.wasm"), built.Mistake);

            using var bench = new Bench();
            using var module = bench.Load(await File.ReadAllBytesAsync(built.Module!, TestContext.Current.CancellationToken));
            using var instance = bench.Start(module, grants: ["clock", "random"]);
            Assert.True(instance.Handle("t"u8, "hello"u8, 0).Succeeded);
            Assert.Equal("hello", Bench.Port(instance, 0));
        }
        finally
        {
            Directory.Delete(parent, recursive: true);
        }
    }

    [Fact]
    public async Task A_folder_that_is_no_project_is_refused_with_the_remedy()
    {
        var built = await GuestBuild.RunAsync(Path.GetTempPath(), debug: false, TestContext.Current.CancellationToken);
        Assert.Null(built.Module);
        Assert.Contains("edge module new", built.Mistake, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("my-module2", true)]
    [InlineData("", false)]
    [InlineData("-a", false)]
    [InlineData("A", false)]
    [InlineData("../a", false)]
    public void A_name_is_a_label(string name, bool good) => Assert.Equal(good, GuestProject.IsName(name));
}

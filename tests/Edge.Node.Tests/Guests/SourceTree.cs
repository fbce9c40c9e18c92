using System.Diagnostics;

namespace Edge.Node.Tests.Guests;

/// <summary>The checkout that the tests run in, and its guest toolchains.</summary>
internal static class SourceTree
{
    public static string Root { get; } = FindRoot();

    public static string Guests { get; } = Path.Combine(Root, "guests");

    public static byte[] Built(string sample) => File.ReadAllBytes(Path.Combine(Guests, "bin", sample + ".wasm"));

    /// <summary>Skips the test where a language's toolchain is absent or, with <paramref name="recorded"/>, not the one that the samples were built with.</summary>
    public static async Task NeedToolchain(string language, bool recorded = false)
    {
        var here = (await Run(Path.Combine(Guests, "toolchains.sh"))).Output.Split('\n').FirstOrDefault(line => line.StartsWith(language + " ", StringComparison.Ordinal));
        Assert.SkipWhen(here is null, $"The {language} toolchain is not here. Get it with guests/setup.sh {language}");
        var wanted = File.ReadLines(Path.Combine(Guests, "TOOLCHAINS")).Single(line => line.StartsWith(language + " ", StringComparison.Ordinal));
        Assert.SkipWhen(recorded && here != wanted, $"The samples were built with '{wanted}', here is '{here}': the bytes may differ.");
    }

    public static async Task<(int ExitCode, string Output)> Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await errors);
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Edge.sln")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException($"No Edge.sln above {AppContext.BaseDirectory}; run the tests inside the source tree.");
        return folder.FullName;
    }
}

using System.CommandLine;
using System.Globalization;
using Edge.Messages.Modules;
using Edge.Node.Guests;

namespace Edge.Node.Cli;

/// <summary><c>edge module build [DIR]</c>: runs the project's own <c>sdk/build.sh</c> with the toolchain of <c>.toolchains/</c> or of the PATH.</summary>
internal static class ModuleBuildCommand
{
    public static Command Create()
    {
        var folder = new Argument<DirectoryInfo>("DIR")
        {
            Description = "The project's folder. Default: the current one.",
            DefaultValueFactory = _ => new DirectoryInfo("."),
        };
        var debug = new Option<bool>("--debug") { Description = "Keep DWARF, so that backtraces have file and line. The module grows." };
        var command = new Command("build", "Build a module's project and print the module's digest and size.") { folder, debug };
        command.SetAction((parsed, stop) => RunAsync(parsed.GetRequiredValue(folder).FullName, parsed.GetValue(debug), stop));
        return command;
    }

    private static async Task<int> RunAsync(string folder, bool debug, CancellationToken stop)
    {
        try
        {
            var built = await GuestBuild.RunAsync(folder, debug, stop);
            if (built.Module is not { } module)
            {
                Console.Error.WriteLine(built.Mistake);
                return EdgeCli.Failed;
            }

            var bytes = await File.ReadAllBytesAsync(module, stop);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Path.GetRelativePath(Environment.CurrentDirectory, module)}  {bytes.Length} bytes  {ModuleDigest.Of(bytes)}"));
            return EdgeCli.Done;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"The module in '{folder}' could not be built: {failure.Message}");
            return EdgeCli.Failed;
        }
    }
}

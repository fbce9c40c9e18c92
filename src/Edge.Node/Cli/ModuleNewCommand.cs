using System.CommandLine;
using Edge.Node.Guests;

namespace Edge.Node.Cli;

/// <summary><c>edge module new --lang c|go|assemblyscript NAME</c>: a folder with a module that builds as it is, its SDK inside.</summary>
internal static class ModuleNewCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("NAME") { Description = "The module's name, and the folder that is made in the current one." };
        var language = new Option<string>("--lang") { Description = "What it is written in.", Required = true }.AcceptOnlyFromAmong([.. GuestProject.Languages]);
        var command = new Command("new", "Make a module's project folder: sources, manifest and SDK.") { name, language };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(name), parsed.GetRequiredValue(language)));
        return command;
    }

    private static int Run(string name, string language)
    {
        if (!GuestProject.IsName(name))
        {
            Console.Error.WriteLine($"'{name}' is no module's name. Allowed: 1 to 63 lower-case letters, digits and '-', not at either end.");
            return EdgeCli.BadUsage;
        }

        var folder = Path.GetFullPath(name);
        if (Directory.Exists(folder) || File.Exists(folder))
        {
            Console.Error.WriteLine($"'{folder}' exists already; nothing was changed. Choose another name, or remove it.");
            return EdgeCli.Failed;
        }

        try
        {
            foreach (var file in GuestProject.Write(folder, name, language))
            {
                Console.WriteLine($"{name}/{file}");
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"The project could not be written: {failure.Message}");
            return EdgeCli.Failed;
        }

        Console.WriteLine($"Next: edge module build {name}");
        return EdgeCli.Done;
    }
}

using System.CommandLine;

namespace Edge.Node.Cli;

/// <summary>
/// The command line of <c>edge</c>: one file a command, each with a <c>Create()</c> that builds the command, and one line here.
/// Building the tree must stay cheap, since every start pays for it: heavy types are named only inside handlers.
/// </summary>
/// <remarks>Exit codes: 0 done, 1 what was asked failed, 2 bad usage or invalid manifests. A mistyped command or option is answered with the nearest ones.</remarks>
internal static class EdgeCli
{
    /// <summary>Everything worked.</summary>
    public const int Done = 0;

    /// <summary>What was asked failed; standard error says why.</summary>
    public const int Failed = 1;

    /// <summary>Bad usage or invalid manifests; nothing was started.</summary>
    public const int BadUsage = 2;

    /// <summary>Parses and runs one command line.</summary>
    /// <returns>The exit code of the process.</returns>
    public static Task<int> RunAsync(string[] args) => RunAsync(args, Invocation);

    /// <summary>Parses and runs one command line, with its output and errors going elsewhere than to the console.</summary>
    internal static async Task<int> RunAsync(string[] args, InvocationConfiguration invocation)
    {
        var parsed = CreateRoot().Parse(args, Parsing);
        var exitCode = await parsed.InvokeAsync(invocation);
        return parsed.Errors.Count > 0 ? BadUsage : exitCode;
    }

    // Signals belong to the commands that have something to finish (edge up drains), not to a timer of the parser.
    private static readonly InvocationConfiguration Invocation = new() { ProcessTerminationTimeout = null };

    // A word that begins with @ is what it says, such as the file of --config, and no file of more words.
    private static readonly ParserConfiguration Parsing = new() { ResponseFileTokenReplacer = null };

    private static RootCommand CreateRoot() => new("Turns a handful of small computers on one LAN into one computer for sensor data.")
    {
        UpCommand.Create(),
        WitnessCommand.Create(),
        RunCommand.Create(),
        DemoCommand.Create(),
        ValidateCommand.Create(),
        ApplyCommand.Create(),
        DiffCommand.Create(),
        GetCommand.Create(),
        DescribeCommand.Create(),
        DeleteCommand.Create(),
        NodeCommands.Create(),
        TokenCommands.Create(),
        Top.TopCommand.Create(),
        SiteCommands.Create(),
        AuditCommand.Create(),
        SchemaCommand.Create(),
        DeviceCommand.Create(),
        DoctorCommand.Create(),
        ModuleCommands.Create(),
    };
}

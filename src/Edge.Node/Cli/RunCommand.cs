using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text;
using System.Text.Json;
using Edge.Node.LocalRun;
using Edge.Wasm.Capabilities;
using Edge.Wasm.Instances;

namespace Edge.Node.Cli;

/// <summary><c>edge run</c>: runs a module of any kind once, locally. Exit code: a command's own; else 0, 1 when a call failed, 2 for bad usage.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var file = new Argument<FileInfo>("FILE") { Description = "The module, a .wasm file." };
        var input = new Option<string>("--input", "-i") { Description = "The file to read instead of standard input; - is standard input.", DefaultValueFactory = _ => "-", HelpName = "FILE" };
        var grants = new Option<CapabilitySet>("--grant", "-g")
        {
            Description = "A capability, such as kv:64KiB, log or fs:/data:ro. May be given more than once.", HelpName = "CAPABILITY", Arity = ArgumentArity.OneOrMore, CustomParser = Grants,
        };
        var config = new Option<ReadOnlyMemory<byte>>("--config")
        {
            Description = "The module's config as JSON, or @FILE.", HelpName = "JSON", Arity = ArgumentArity.ExactlyOne, CustomParser = Config,
        };
        var arguments = new Option<string[]>("--arg") { Description = "An argument of a command. May be given more than once.", HelpName = "TEXT" };
        var files = new Option<DirectoryInfo?>("--files") { Description = "The folder that fs: grants are below.", HelpName = "DIR" };
        var kv = new Option<string?>("--kv") { Description = "Keep key-value pairs in this file.", HelpName = "FILE" };
        var deadline = NumberOption.Create("--deadline", "Seconds that one call may take.", 30.0, 0.02, 30, "SECONDS");
        var topic = new Option<string>("--topic") { Description = "handler: the topic of the messages; each line of the input is one.", DefaultValueFactory = _ => "local/input" };
        var rate = NumberOption.Create("--rate", "stream: samples per second; 0 is irregular.", 0.0, 0, 10_000_000, "HZ");
        var block = NumberOption.Create("--block", "stream: samples of a block.", 256, 1, 65_536, "N");
        var type = new Option<SampleType>("--type") { Description = "stream: f32, f64 or i32.", DefaultValueFactory = _ => SampleType.F32 };
        var column = new Option<string?>("--column") { Description = "stream: heading or number of the input's column.", HelpName = "NAME|N" };
        var encode = new Option<bool>("--encode") { Description = "codec: encode the input; without it, decode." };
        var target = new Option<string?>("--request") { Description = "http: 'GET /path'; without it, the input is the whole request.", HelpName = "TEXT" };
        var show = new Option<string>("--show") { Description = "How payloads are shown.", DefaultValueFactory = _ => "auto" };
        show.AcceptOnlyFromAmong(PayloadText.Forms);

        var command = new Command("run", "Run a module of any kind once, on this machine.")
        {
            file, input, grants, config, arguments, files, kv, deadline, topic, rate, block, type, column, encode, target, show,
        };
        command.SetAction((parsed, _) => RunAsync(
            new RunRequest
            {
                File = parsed.GetRequiredValue(file).FullName,
                Grants = parsed.GetValue(grants) ?? new CapabilitySet([]),
                Config = parsed.GetValue(config),
                Arguments = parsed.GetValue(arguments) ?? [],
                FilesRoot = parsed.GetValue(files)?.FullName,
                KvPath = parsed.GetValue(kv),
                Deadline = TimeSpan.FromSeconds(parsed.GetRequiredValue(deadline)),
                Topic = parsed.GetRequiredValue(topic),
                RateHz = parsed.GetRequiredValue(rate),
                Block = parsed.GetRequiredValue(block),
                Type = parsed.GetRequiredValue(type),
                Column = parsed.GetValue(column),
                Encode = parsed.GetValue(encode),
                HttpTarget = parsed.GetValue(target),
                Show = parsed.GetRequiredValue(show),
            },
            parsed.GetRequiredValue(input),
            parsed.InvocationConfiguration.Error));
        return command;
    }

    private static async Task<int> RunAsync(RunRequest request, string input, TextWriter errors)
    {
        try
        {
            using var source = input == "-" ? Console.OpenStandardInput() : File.OpenRead(input);
            using var output = Console.OpenStandardOutput();
            return await new LocalRunner(TimeProvider.System, source, output, errors).RunAsync(request);
        }
        catch (InvalidDataException mistake)
        {
            errors.WriteLine(mistake.Message);
            return EdgeCli.BadUsage;
        }
        catch (FileNotFoundException missing)
        {
            errors.WriteLine($"'{missing.FileName}' does not exist. Check the name and the folder ({Environment.CurrentDirectory}); a module is a .wasm file, made by 'edge module build'.");
            return EdgeCli.Failed;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            errors.WriteLine(failure.Message);
            return EdgeCli.Failed;
        }
    }

    // Both say what is wrong while the line is parsed, so that it comes together with every other mistake in it.
    private static CapabilitySet Grants(ArgumentResult given)
    {
        var (grants, mistakes) = GrantArguments.Parse(given.Tokens.Select(token => token.Value));
        foreach (var mistake in mistakes) given.AddError(mistake);
        return grants;
    }

    private static ReadOnlyMemory<byte> Config(ArgumentResult given)
    {
        var config = given.Tokens[0].Value;
        try
        {
            using var document = JsonDocument.Parse(config.StartsWith('@') ? File.ReadAllText(config[1..]) : config);
            return Encoding.UTF8.GetBytes(JsonSerializer.Serialize(document.RootElement));
        }
        catch (JsonException mistake)
        {
            given.AddError($"--config is no JSON: {mistake.Message}");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            given.AddError($"--config is '{config}', a file that cannot be read: {failure.Message}");
        }
        return default;
    }
}

using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Edge.Bench;

/// <summary>A peer's program, run to its end. Peers print one "name number" a line.</summary>
internal static class PeerProgram
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <summary>What a peer found, or why it did not run.</summary>
    /// <param name="Figures">By name; empty when it did not run.</param>
    /// <param name="Missing">What to install, or null.</param>
    public sealed record Outcome(IReadOnlyDictionary<string, double> Figures, string? Missing)
    {
        /// <summary>A figure, or null.</summary>
        public double? this[string name] => Figures.TryGetValue(name, out var value) ? value : null;

        /// <summary>The peer's name for a row: what it is, or what is missing.</summary>
        public string Name(string name) => Missing is null ? name : $"{name}: {Missing}";
    }

    /// <summary>Compiles one of <c>bench/peers/*.c</c> with gcc and runs it.</summary>
    public static async Task<Outcome> RunCAsync(string source, string flags, params string[] arguments)
    {
        var binary = Path.Combine(WorkFolder(), Path.GetFileNameWithoutExtension(source));
        var compiled = await RunAsync("gcc", [.. flags.Split(' ', StringSplitOptions.RemoveEmptyEntries), "-o", binary, SourceTree.File("bench", "peers", source), .. WasmtimeLibrary(source)]);
        return compiled.Missing is not null ? compiled : await RunAsync(binary, arguments);
    }

    /// <summary>Runs a program and reads its figures. It is ended when it takes longer than three minutes.</summary>
    public static async Task<Outcome> RunAsync(string program, params string[] arguments)
    {
        Process process;
        try
        {
            process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        }
        catch (Win32Exception)
        {
            return new Outcome(new Dictionary<string, double>(), $"no '{Path.GetFileName(program)}' here; run bench/setup.sh");
        }
        using var limit = new CancellationTokenSource(Limit);
        using (process)
        {
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            try
            {
                var output = await process.StandardOutput.ReadToEndAsync(limit.Token);
                await process.WaitForExitAsync(limit.Token);
                return process.ExitCode == 0
                    ? new Outcome(Figures(output), null)
                    : new Outcome(new Dictionary<string, double>(), $"ended with {process.ExitCode}: {(await errors).Trim()}");
            }
            catch (OperationCanceledException)
            {
                process.Kill();
                return new Outcome(new Dictionary<string, double>(), $"took longer than {Limit.TotalMinutes} minutes");
            }
        }
    }

    /// <summary>A folder for what is built on the way: below artifacts, so that nothing else is touched.</summary>
    public static string WorkFolder() => Directory.CreateDirectory(Path.Combine(SourceTree.Root, "artifacts", "bench")).FullName;

    // The very library that the module host loads.
    private static string[] WasmtimeLibrary(string source)
    {
        if (source == "fir.c" || source == "pipeload.c") return [];
        var folder = Path.GetDirectoryName(Directory.EnumerateFiles(AppContext.BaseDirectory, "libwasmtime.so", SearchOption.AllDirectories)
            .OrderBy(path => !path.Contains(NativeRid, StringComparison.Ordinal)).FirstOrDefault())
            ?? throw new BenchException($"No libwasmtime.so below {AppContext.BaseDirectory}.");
        return [$"-L{folder}", "-lwasmtime", $"-Wl,-rpath,{folder}", "-lpthread"];
    }

    private static string NativeRid => System.Runtime.InteropServices.RuntimeInformation.RuntimeIdentifier;

    private static Dictionary<string, double> Figures(string output) => output
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Where(words => words.Length == 2 && double.TryParse(words[1], CultureInfo.InvariantCulture, out _))
        .ToDictionary(words => words[0], words => double.Parse(words[1], CultureInfo.InvariantCulture));
}

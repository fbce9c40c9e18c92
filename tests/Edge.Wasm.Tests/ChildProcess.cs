using System.Diagnostics;

namespace Edge.Wasm.Tests;

/// <summary>Runs one explicit test of this project in a process of its own: for what may end a process, and for what needs two.</summary>
internal static class ChildProcess
{
    /// <summary>Runs it to its end, at most three minutes.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(string method, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Edge.Wasm.Tests"), ["-method", method, "-explicit", "only", "-noColor"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            return (-1, $"{method} did not end in three minutes.\n{await output}");
        }

        var text = await output + await errors;
        return (text.Contains("Total: 1,", StringComparison.Ordinal) ? process.ExitCode : -2, text);
    }
}

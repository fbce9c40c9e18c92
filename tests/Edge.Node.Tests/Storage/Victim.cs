using System.Diagnostics;

namespace Edge.Node.Tests.Storage;

/// <summary>Another process with an intake log open, told what to do line by line, and killed in the end.</summary>
internal sealed class Victim : IDisposable
{
    private readonly Process _process;

    /// <param name="folder">The log's folder.</param>
    /// <param name="prefix">A program to run it under (strace, unshare), with its arguments.</param>
    public Victim(string folder, params string[] prefix)
    {
        string[] line = [.. prefix, Program, folder];
        var start = new ProcessStartInfo(line[0], line[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        _process = Process.Start(start)!;
    }

    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "Edge.Node.Victim");

    public int ProcessId => _process.Id;

    public void Tell(string line) => _process.StandardInput.WriteLine(line);

    /// <summary>The next line that it says; null when it has ended.</summary>
    public async Task<string?> HearAsync()
    {
        try
        {
            return await _process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60));
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"The victim (process {_process.Id}, ended: {_process.HasExited}) said nothing within 60 s.");
        }
    }

    public async Task<string> AskAsync(string line)
    {
        Tell(line);
        return await HearAsync() ?? throw new InvalidOperationException($"The victim ended with {_process.ExitCode} instead of answering '{line}'.");
    }

    /// <summary>kill -9, and everything that it had said before.</summary>
    public async Task<List<string>> KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        var rest = new List<string>();
        while (await HearAsync() is { } line)
            rest.Add(line);
        await _process.WaitForExitAsync();
        return rest;
    }

    /// <summary>Ends it in order.</summary>
    public async Task CloseAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }
}

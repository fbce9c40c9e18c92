using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Edge.Node.Tests.Hosting;

/// <summary>A child process that runs one <c>edge</c> command line of this build. Killed when disposed.</summary>
internal sealed partial class EdgeProcess : IAsyncDisposable
{
    private const int SigInt = 2;
    private const int SigTerm = 15;

    private readonly Process _process;
    private readonly List<string> _output = [];
    private readonly List<string> _errors = [];
    private readonly TaskCompletionSource<string> _firstLine = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private (string Beginning, TaskCompletionSource<string> Found)? _wanted;
    private bool _ended;

    private EdgeProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => NoteOutput(line.Data);
        process.ErrorDataReceived += (_, line) => Note(_errors, line.Data, null);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public string Output => Text(_output);

    public string Errors => Text(_errors);

    /// <summary>The first line of standard output, or an empty text when the process ended without one.</summary>
    public Task<string> FirstLine => _firstLine.Task;

    /// <summary>The first line of standard output that begins so; an empty text when the process ended without one. Ask once.</summary>
    public Task<string> LineAsync(string beginning)
    {
        var found = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_output)
        {
            if (_output.Find(line => line.StartsWith(beginning, StringComparison.Ordinal)) is { } line) return Task.FromResult(line);
            if (_ended) return Task.FromResult("");
            _wanted = (beginning, found);
        }

        return found.Task;
    }

    /// <summary>Resident memory in MiB, as the kernel counts it.</summary>
    public double ResidentMiB => File.ReadLines($"/proc/{Id}/status").Where(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
        .Select(line => double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture) / 1024).Single();

    /// <param name="arguments">After <c>edge</c>.</param>
    /// <param name="environment">Variables on top of the test's own.</param>
    /// <param name="inside">Run as root of a mount namespace of its own, after this shell script.</param>
    public static EdgeProcess Start(IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? inside = null)
    {
        // By the runtime that runs the tests: an apphost would look for another one by DOTNET_ROOT.
        var dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../../dotnet"));
        string[] command = [dotnet, Path.Combine(AppContext.BaseDirectory, "edge.dll"), .. arguments];
        if (inside is not null)
        {
            command = ["unshare", "-rm", "sh", "-ec", $"{inside}\nexec \"$@\"", "sh", .. command];
        }

        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return new(Process.Start(start)!);
    }

    /// <summary>Runs a command line to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        await using var process = Start(arguments);
        return (await process.ExitAsync(), process.Output, process.Errors);
    }

    public void Terminate() => Assert.Equal(0, Kill(Id, SigTerm));

    public void Interrupt() => Assert.Equal(0, Kill(Id, SigInt));

    /// <summary>SIGKILL: the process gets no chance to finish anything.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await ExitAsync();
    }

    public async Task<int> ExitAsync()
    {
        await Patience.For(_process.WaitForExitAsync(TestContext.Current.CancellationToken), $"the process to end. It said: {Output}{Errors}");
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }

    private void NoteOutput(string? line)
    {
        Note(_output, line, _firstLine);
        lock (_output)
        {
            _ended |= line is null;
            if (_wanted is var (beginning, found) && (line is null || line.StartsWith(beginning, StringComparison.Ordinal))) found.TrySetResult(line ?? "");
        }
    }

    private static void Note(List<string> lines, string? line, TaskCompletionSource<string>? first)
    {
        first?.TrySetResult(line ?? "");
        lock (lines)
        {
            lines.Add(line ?? "");
        }
    }

    private static string Text(List<string> lines)
    {
        lock (lines)
        {
            return string.Join('\n', lines);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}

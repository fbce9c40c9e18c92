using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Edge.Cluster.Tests.Raft;

/// <summary>One voter in a process of its own (tests/Edge.Cluster.Victim): it is asked over its standard input, killed, stopped and started again. Remembers every line that it said.</summary>
internal sealed class VoterProcess : IAsyncDisposable
{
    /// <summary>How long an event that must come may take on a loaded machine.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);

    private readonly Process _process;
    private readonly Task _reading;
    private readonly Task<string> _errors;
    private readonly Lock _lock = new();
    private readonly List<string> _said = [];
    private readonly ConcurrentDictionary<string, TaskCompletionSource<string>> _answers = new();
    private readonly List<(Func<string, bool> Wanted, TaskCompletionSource<string> Came)> _waiting = [];
    private int _asked;

    private VoterProcess(string name, Process process)
    {
        (Name, _process) = (name, process);
        _errors = process.StandardError.ReadToEndAsync();
        _reading = Task.Run(ReadAsync);
    }

    public string Name { get; }

    public int Id => _process.Id;

    /// <summary>Starts it and waits until its log is open.</summary>
    public static async Task<VoterProcess> StartAsync(string name, string folder, string addresses, params string[] options)
    {
        // Its own copy of the build's output lies beside this program.
        var program = Path.Combine(AppContext.BaseDirectory, "Edge.Cluster.Victim.dll");
        var start = new ProcessStartInfo("dotnet", [program, name, folder, addresses, .. options]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOTNET_TieredPGO"] = "0";
        var voter = new VoterProcess(name, Process.Start(start)!);
        await voter.Until("ready");
        return voter;
    }

    /// <summary>Asks; the answer without its id. Throws if the voter refuses.</summary>
    public async Task<string> AskAsync(params string[] words)
    {
        var answer = await TryAskAsync(words);
        return answer.StartsWith("ok ", StringComparison.Ordinal) ? answer[3..] : throw new InvalidOperationException($"{Name}: {string.Join(' ', words)}: {answer}");
    }

    /// <summary>Asks; <c>ok …</c>, <c>no …</c>, or <c>gone</c> if the process ended before it answered.</summary>
    public async Task<string> TryAskAsync(params string[] words)
    {
        var id = Interlocked.Increment(ref _asked).ToString(CultureInfo.InvariantCulture);
        var answer = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        _answers[id] = answer;
        if (_reading.IsCompleted)
            return "gone";
        try
        {
            lock (_lock)
            {
                _process.StandardInput.WriteLine($"{id} {string.Join(' ', words)}");
                _process.StandardInput.Flush();
            }
        }
        catch (IOException)
        {
            return "gone";
        }
        try
        {
            return await answer.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"{Name} did not answer '{string.Join(' ', words)}' in {Patience.TotalSeconds} s. It said last: {Last()}");
        }
    }

    /// <summary>Waits for a line that matches, among those already said and those to come.</summary>
    public Task<string> Until(string pattern) => Until(line => Regex.IsMatch(line, $"^(?:{pattern})$"), pattern, fromNow: false);

    /// <summary>The same, among those to come only.</summary>
    public Task<string> Next(string pattern) => Until(line => Regex.IsMatch(line, $"^(?:{pattern})$"), pattern, fromNow: true);

    /// <summary>The last line that matches so far; empty if none.</summary>
    public string LastOf(string pattern)
    {
        lock (_lock)
            return _said.FindLast(line => Regex.IsMatch(line, $"^(?:{pattern})$")) ?? "";
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        await _reading;
    }

    /// <summary>SIGSTOP or SIGCONT.</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
    }

    private async Task<string> Until(Func<string, bool> wanted, string what, bool fromNow)
    {
        var came = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (!fromNow && _said.Find(line => wanted(line)) is { } already)
                return already;
            _waiting.Add((wanted, came));
        }
        try
        {
            return await came.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"Waited {Patience.TotalSeconds} s for '{what}' of {Name}. It said last: {Last()}");
        }
    }

    private string Last()
    {
        lock (_lock)
            return string.Join(" / ", _said.TakeLast(8));
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            var cut = line.IndexOf(' ', StringComparison.Ordinal);
            if (cut > 0 && _answers.TryRemove(line[..cut], out var answer))
            {
                answer.TrySetResult(line[(cut + 1)..]);
                continue;
            }
            lock (_lock)
            {
                _said.Add(line);
                foreach (var waiting in _waiting.Where(waiting => waiting.Wanted(line)))
                    waiting.Came.TrySetResult(line);
                _waiting.RemoveAll(waiting => waiting.Came.Task.IsCompleted);
            }
        }
        foreach (var id in _answers.Keys)
        {
            if (_answers.TryRemove(id, out var answer))
                answer.TrySetResult("gone");
        }
        var errors = await _errors;
        lock (_lock)
        {
            if (errors.Length > 0)
                _said.Add($"stderr: {errors}");
            foreach (var waiting in _waiting)
                waiting.Came.TrySetException(new InvalidOperationException($"{Name} ended while something was awaited. It said last: {string.Join(" / ", _said.TakeLast(8))}"));
            _waiting.Clear();
        }
    }
}

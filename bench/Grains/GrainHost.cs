using System.Diagnostics;

namespace Edge.Bench.Grains;

/// <summary>
/// The other process: this program, started with <see cref="Argument"/>. It says its member id in its first line, learns the other one's as an argument, and serves until its input ends.
/// </summary>
internal sealed class GrainHost : IAsyncDisposable
{
    public const string Argument = "grain-host";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly Process _process;

    private GrainHost(Process process, string member) => (_process, Member) = (process, member);

    /// <summary>Its member id.</summary>
    public string Member { get; }

    /// <summary>Starts one and waits until it serves, or is about to: a library may need the other side first.</summary>
    /// <exception cref="BenchException">It does not.</exception>
    public static async Task<GrainHost> StartAsync(string library, int port, int otherPort, string otherMember)
    {
        var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [Argument, library, $"{port}", $"{otherPort}", otherMember])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            if (await process.StandardOutput.ReadLineAsync(limit.Token) is { } member) return new GrainHost(process, member);
            throw new BenchException($"The process for {library} ended before it served; what it said is above.");
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw new BenchException($"The process for {library} did not serve within {Limit.TotalSeconds} s.");
        }
    }

    /// <summary>Its process.</summary>
    public int Id => _process.Id;

    /// <summary>SIGKILL.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Waits until it serves.</summary>
    public async Task ServingAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        if (await _process.StandardOutput.ReadLineAsync(limit.Token) != "serving") throw new BenchException("The other process does not serve.");
    }

    /// <summary>Is that process.</summary>
    public static async Task<int> RunAsync(string library, int port, int otherPort, string otherMember)
    {
        switch (library)
        {
            case "edge":
                await using (var edge = new FencedGrains("b", port, otherPort))
                {
                    Console.WriteLine(edge.Member);
                    await edge.JoinAsync(otherMember, edge.Member);
                    await UntilToldAsync();
                }
                return 0;
            case "proto":
                await using (var proto = new ProtoGrains(port, otherPort))
                {
                    Console.WriteLine(proto.Member);
                    await proto.JoinAsync(otherMember);
                    await UntilToldAsync();
                }
                return 0;
            case "orleans":
            case "orleans-tuned":
                await using (var orleans = new OrleansGrains(await OrleansSilo.StartAsync(port, otherPort, tuned: library == "orleans-tuned")))
                {
                    Console.WriteLine(Environment.ProcessId);
                    await orleans.BeginAsync();
                    await UntilToldAsync();
                }
                return 0;
            default:
                throw new BenchException($"There is no library '{library}'.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
        }
        _process.Dispose();
    }

    private static async Task UntilToldAsync()
    {
        Console.WriteLine("serving");
        await Console.In.ReadToEndAsync();
    }
}

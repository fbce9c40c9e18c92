using System.Text.Json;
using Edge.Bench;
using Edge.Bench.Book;
using Edge.Bench.Calls;
using Edge.Bench.Failover;
using Edge.Bench.Fir;
using Edge.Bench.Grains;
using Edge.Bench.Instances;
using Edge.Bench.Pipeline;
using Edge.Bench.Start;

// Each benchmark is a function without arguments; a failure of ours ends the process with a message, a missing peer only empties its column.
var benchmarks = new Dictionary<string, Func<Task<IReadOnlyList<BenchRow>>>>
{
    ["book"] = BookBench.RunAsync,
    ["calls"] = CallsBench.RunAsync,
    ["instances"] = InstancesBench.RunAsync,
    ["fir"] = FirBench.RunAsync,
    ["pipeline"] = PipelineBench.RunAsync,
    ["start"] = StartBench.RunAsync,
    ["grains"] = GrainsBench.RunAsync,
    ["failover"] = FailoverBench.RunAsync,
};

if (args is [InstanceProbe.Argument, var module, var count]) return InstanceProbe.Run(module, int.Parse(count, null));
if (args is [GrainHost.Argument, var library, var port, var otherPort, var otherMember]) return await GrainHost.RunAsync(library, int.Parse(port, null), int.Parse(otherPort, null), otherMember);
var name = args.Length is 1 || args is [_, "--json", _] ? args[0] : "";
if (!benchmarks.TryGetValue(name, out var benchmark))
{
    await Console.Error.WriteLineAsync(
        $"Usage: dotnet run -c Release --project bench -- NAME [--json FILE], where NAME is one of {string.Join(", ", benchmarks.Keys)}.");
    return 2;
}

try
{
    var report = new BenchReport(name, Machine.Describe(), await benchmark());
    BenchTable.Print(report, Console.Out);
    if (args is [_, _, var file]) await File.WriteAllTextAsync(file, JsonSerializer.Serialize(report, BenchJson.Options));
    return report.Rows.All(row => row.Ours is not null) ? 0 : 1;
}
catch (BenchException wrong)
{
    await Console.Error.WriteLineAsync($"bench {name}: {wrong.Message}");
    return 1;
}

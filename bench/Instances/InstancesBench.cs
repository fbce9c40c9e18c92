using System.Diagnostics;
using Edge.Wasm.Modules;

namespace Edge.Bench.Instances;

/// <summary>What a module and its instances cost, for a C guest and a Go guest, beside a C program on the same libwasmtime.</summary>
internal static class InstancesBench
{
    private const string PeerName = "C on the same libwasmtime";

    public static async Task<IReadOnlyList<BenchRow>> RunAsync()
    {
        var rows = new List<BenchRow>();
        rows.AddRange(await LanguageAsync("c", SourceTree.File("guests", "bin", "mean.wasm"), live: 1_000, cycles: 50, cycleGoal: "ours <= 10"));
        rows.AddRange(await LanguageAsync("go", SourceTree.File("guests", "bin", "units.wasm"), live: 100, cycles: 2, cycleGoal: null));
        rows.Add(await TenThousandAsync(SourceTree.File("guests", "bin", "mean.wasm")));
        return rows;
    }

    private static async Task<IEnumerable<BenchRow>> LanguageAsync(string language, string file, int live, int cycles, string? cycleGoal)
    {
        var wasm = await File.ReadAllBytesAsync(file);
        var peer = await PeerProgram.RunCAsync("instances.c", "-O2", file, $"{live}", $"{cycles}");
        var ours = await PeerProgram.RunAsync(Environment.ProcessPath!, InstanceProbe.Argument, file, $"{live}");
        return
        [
            new($"compile_{language}", "ms", CompileMs(wasm), peer["compile"], peer.Name(PeerName), null),
            new($"load_{language}", "ms", LoadMs(wasm), peer["load"], peer.Name(PeerName), null),
            new($"cycle_{language}", "us", CycleUs(wasm, file, cycles), peer["cycle"], peer.Name(PeerName), cycleGoal),
            new($"rss_{language}", "kB", ours["rss"], peer["rss"], peer.Name(PeerName), null),
        ];
    }

    private static async Task<BenchRow> TenThousandAsync(string file)
    {
        var ours = await PeerProgram.RunAsync(Environment.ProcessPath!, InstanceProbe.Argument, file, "10000");
        var peer = await PeerProgram.RunCAsync("instances.c", "-O2", file, "10000", "100");
        return new("live_10000_rss", "MB", ours["total_rss"], peer["total_rss"], ours.Name(peer.Name(PeerName)), "ours <= 600");
    }

    private static double CompileMs(byte[] wasm) => Rounds.ColdMedianNs(5, 1, _ =>
    {
        using var host = Guests.NewHost();
        Guests.Load(host, wasm).Dispose();
    }) / 1e6;

    // Including the check of the keyed hash, which the peer does not make.
    private static double LoadMs(byte[] wasm)
    {
        var folder = Directory.CreateTempSubdirectory("edge-bench-");
        try
        {
            using var host = Guests.NewHost(folder.FullName);
            Guests.Load(host, wasm).Dispose();
            return Rounds.MedianNs(31, 1, _ =>
            {
                var load = (ModuleLoad.Loaded)host.Load(wasm);
                if (!load.FromCache) throw new BenchException("The compiled module was not found in its cache.");
                load.Module.Dispose();
            }) / 1e6;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static double CycleUs(byte[] wasm, string file, int cycles)
    {
        using var host = Guests.NewHost();
        using var module = Guests.Load(host, wasm);
        var options = InstanceProbe.OptionsFor(file);
        return Rounds.MedianNs(101, cycles, repeats =>
        {
            for (var i = 0; i < repeats; i++) Guests.Create(host, module, options).Dispose();
        }) / 1e3;
    }
}

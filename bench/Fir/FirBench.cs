using System.Globalization;
using System.Runtime.InteropServices;
using Edge.Wasm.Instances;

namespace Edge.Bench.Fir;

/// <summary>A filter of 32 taps over 10 000 samples with the deadline armed: our sample module beside native code and other languages.</summary>
internal static class FirBench
{
    private const int Samples = 10_000, Taps = 32, TimedRounds = 600;

    public static async Task<IReadOnlyList<BenchRow>> RunAsync()
    {
        var taps = Enumerable.Range(1, Taps).Select(t => 1f / t).ToArray();
        var input = Enumerable.Range(0, Samples).Select(i => i * 37 % 101 / 101f).ToArray();
        var config = $$"""{"coefficients":[{{string.Join(',', taps.Select(t => t.ToString("R", CultureInfo.InvariantCulture)))}}]}""";
        var expected = VectorFir.Filter(taps, input);

        var ours = ModuleUs(await File.ReadAllBytesAsync(SourceTree.File("guests", "bin", "fir.wasm")), config, input, expected);
        var gcc = await PeerProgram.RunCAsync("fir.c", "-O3 -march=native");
        var node = await PeerProgram.RunAsync("node", SourceTree.File("bench", "peers", "fir.js"));
        var go = await GoGuest.BuildAsync();
        double? goUs = go.File is null ? null : ModuleUs(await File.ReadAllBytesAsync(go.File), config, input, expected, "clock", "random", "log", "fs");
        return
        [
            new("gcc", "us", ours, gcc["fir"], gcc.Name("gcc -O3 -march=native, output-blocked"), "ratio <= 4.5"),
            new("csharp_vector", "us", ours, VectorUs(taps, input), "C# Vector<float>", null),
            new("node", "us", ours, node["fir"], node.Name("node, for loop"), "ratio <= 0.125"),
            new("go_wasm", "us", ours, goUs, $"the same in Go, as a module of ours{(go.Missing is null ? "" : $": {go.Missing}")}", null),
        ];
    }

    private static double VectorUs(float[] taps, float[] input)
    {
        var output = new float[Samples];
        var history = new float[Taps - 1 + Samples];
        input.CopyTo(history, Taps - 1);
        return Rounds.MedianNs(TimedRounds, 1, _ => VectorFir.Filter(taps, history, output)) / 1e3;
    }

    // The whole way of a block: 40 kB in, the filter, 40 kB out.
    private static double ModuleUs(byte[] wasm, string config, float[] input, float[] expected, params string[] grants)
    {
        using var host = Guests.NewHost();
        using var module = Guests.Load(host, wasm);
        using var instance = Guests.Create(host, module, Guests.Options(config, grants));
        var header = new BlockHeader(0, 10_000, SampleType.F32, BlockFlags.Reset, 0);
        var output = new float[Samples];
        Run();
        for (var i = 0; i < Samples; i++)
            if (Math.Abs(output[i] - expected[i]) > 1e-3f) throw new BenchException($"The module's output {i} is {output[i]}; {expected[i]} was expected.");
        return Rounds.MedianNs(TimedRounds, 1, _ => Run()) / 1e3;

        void Run()
        {
            Guests.Require(instance.Stream(header, MemoryMarshal.AsBytes(input.AsSpan())));
            instance.Effects.Span(instance.Effects.Emits[0].Payload).CopyTo(MemoryMarshal.AsBytes(output.AsSpan()));
        }
    }
}

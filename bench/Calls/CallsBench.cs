using Edge.Wasm;
using Edge.Wasm.Instances;

namespace Edge.Bench.Calls;

/// <summary>Calls across the boundary, each with its deadline armed, beside a C program on the same libwasmtime, configured alike.</summary>
internal static class CallsBench
{
    private const int TimedRounds = 301;
    private const string PeerName = "C on the same libwasmtime";

    public static async Task<IReadOnlyList<BenchRow>> RunAsync()
    {
        var wasm = WebAssemblyText.ToWasm(await File.ReadAllTextAsync(SourceTree.File("bench", "Calls", "calls.wat")));
        var file = Path.Combine(PeerProgram.WorkFolder(), "calls.wasm");
        await File.WriteAllBytesAsync(file, wasm);

        using var host = Guests.NewHost();
        using var module = Guests.Load(host, wasm);
        using var instance = Guests.Create(host, module, Guests.Options());
        // The peer before and after: ratios then hold on a machine whose load changes meanwhile.
        var before = await PeerProgram.RunCAsync("calls.c", "-O2", file);
        var (typed, callback, bytes) = (TypedCallNs(instance), CallbackNs(instance), Bytes1kNs(instance));
        var after = await PeerProgram.RunCAsync("calls.c", "-O2", file);
        double? Peer(string id) => before[id] is { } first && after[id] is { } second ? (first + second) / 2 : null;
        return
        [
            new("typed_call", "ns", typed, Peer("typed_call"), before.Name(PeerName), "ratio <= 2"),
            new("callback", "ns", callback, Peer("callback"), before.Name(PeerName), null),
            new("bytes_1k", "ns", bytes, Peer("bytes_1k"), before.Name(PeerName), null),
        ];
    }

    private static double TypedCallNs(ModuleInstance instance)
    {
        var add = instance.Resolve("add");
        return Rounds.MedianNs(TimedRounds, 20_000, repeats =>
        {
            for (var i = 0; i < repeats; i++)
                if (add.Call(i, 1).Value != i + 1) throw new BenchException($"add({i}, 1) is not {i + 1}.");
        });
    }

    private static double CallbackNs(ModuleInstance instance)
    {
        var callbacks = instance.Resolve("callbacks");
        return Rounds.MedianNs(TimedRounds, 20_000, repeats => Guests.Require(callbacks.Call(repeats)));
    }

    private static double Bytes1kNs(ModuleInstance instance)
    {
        var input = new byte[1024];
        var output = new byte[1024];
        return Rounds.MedianNs(TimedRounds, 4_000, repeats =>
        {
            for (var i = 0; i < repeats; i++)
            {
                input[0] = (byte)i;
                Guests.Require(instance.Handle("in"u8, input, 0));
                instance.Effects.Span(instance.Effects.Emits[0].Payload).CopyTo(output);
                if (output[0] != (byte)~i) throw new BenchException("The guest's bytes are wrong.");
            }
        });
    }
}

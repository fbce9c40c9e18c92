using System.Buffers;
using Edge.Wasm.Instances;
using Edge.Wasm.Limits;
using Edge.Wasm.Modules;

namespace Edge.Wasm.Tests.Modules;

/// <summary>
/// Bytes that look like modules, in a process of its own: whatever they are, loading and running them ends in a value. A native abort would be the child's exit code.
/// </summary>
public sealed class MutatedModuleTests
{
    private static readonly ModuleLimits Tight = new() { Deadline = TimeSpan.FromMilliseconds(20), StartDeadline = TimeSpan.FromMilliseconds(20), MemoryMaxBytes = 4 << 20 };

    [Theory]
    [InlineData(nameof(Child_loads_mutated_modules))]
    [InlineData(nameof(Child_loads_random_bytes))]
    public async Task Nothing_that_is_loaded_ends_the_process(string child)
    {
        var (exitCode, output) = await ChildProcess.RunAsync($"{typeof(MutatedModuleTests).FullName}.{child}");

        Assert.True(exitCode == 0, output);
    }

    [Fact(Explicit = true)]
    public void Child_loads_mutated_modules()
    {
        using var sandbox = new Sandbox();
        var fixtures = Directory.GetFiles(AppContext.BaseDirectory, "*.wat", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(f => WebAssemblyText.ToWasm(File.ReadAllText(f))).ToArray();
        var ran = 0;
        for (var seed = 0; seed < 4_000; seed++)
        {
            var random = new Random(seed);
            if (Run(sandbox, Mutate(fixtures[random.Next(fixtures.Length)], random))) ran++;
        }

        // Enough of them must be valid, or nothing was tried.
        Assert.True(ran > 100, $"Only {ran} of 4000 mutants could be run.");
    }

    [Fact(Explicit = true)]
    public void Child_loads_random_bytes()
    {
        using var sandbox = new Sandbox();
        for (var seed = 0; seed < 20_000; seed++)
        {
            var random = new Random(seed);
            var bytes = new byte[8 + random.Next(200)];
            random.NextBytes(bytes);
            if (seed % 4 != 0) WebAssemblyText.ToWasm("(module)").CopyTo(bytes, 0);
            // A likely section, so that more than the first byte is read.
            if (seed % 2 == 0 && bytes.Length > 10) (bytes[8], bytes[9]) = ((byte)random.Next(13), (byte)(bytes.Length - 10));
            Run(sandbox, bytes);
        }
    }

    private static byte[] Mutate(byte[] wasm, Random random)
    {
        var mutant = wasm.ToList();
        for (var edits = 1 + random.Next(3); edits > 0; edits--)
        {
            var at = 8 + random.Next(mutant.Count - 8);
            switch (random.Next(4))
            {
                case 0: mutant[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: mutant[at] = (byte)random.Next(256); break;
                case 2: mutant.RemoveAt(at); break;
                default: mutant.Insert(at, (byte)random.Next(256)); break;
            }
        }

        return [.. mutant];
    }

    private static bool Run(Sandbox sandbox, byte[] wasm)
    {
        if (sandbox.Host.Load(wasm) is not ModuleLoad.Loaded { Module: var module }) return false;
        using (module)
        using (var instance = sandbox.Host.Create(module, Sandbox.Options(Tight), out _))
        {
            if (instance is null) return true;
            Call(instance, module.Kind);
        }

        return true;
    }

    private static void Call(ModuleInstance instance, ModuleKind kind)
    {
        byte[] bytes = [1, 0, 0, 0, 2, 0, 0, 0];
        _ = kind switch
        {
            ModuleKind.Handler => instance.Handle("a/b"u8, bytes, 7),
            ModuleKind.Stream => instance.Stream(new BlockHeader(1, 360, SampleType.F32, BlockFlags.None, 0), bytes),
            ModuleKind.Codec => instance.Decode(bytes),
            ModuleKind.Http => instance.Http(bytes, new ArrayBufferWriter<byte>()),
            _ => instance.RunCommand(),
        };
    }
}

using System.Security.Cryptography;
using Edge.Wasm.Modules;

namespace Edge.Wasm.Tests.Modules;

/// <summary>The cache saves compilations and is never believed without its hash.</summary>
public sealed class ModuleCacheTests : IDisposable
{
    private static readonly byte[] Wasm = WebAssemblyText.ToWasm(Sandbox.Fixture("Instances/Counter.wat"));
    private static readonly byte[] Other = WebAssemblyText.ToWasm(Sandbox.Fixture("Instances/Echo.wat"));

    private readonly string _folder = Directory.CreateTempSubdirectory("edge-cache-").FullName;
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_module_is_compiled_once_for_all_hosts_of_a_folder()
    {
        Assert.False(LoadAndCall(Wasm));
        Assert.True(LoadAndCall(Wasm));
        Assert.Single(Directory.GetFiles(_folder));
    }

    [Fact]
    public void A_flipped_bit_anywhere_makes_it_compile_anew()
    {
        Assert.False(LoadAndCall(Wasm));
        var file = Assert.Single(Directory.GetFiles(_folder));
        var good = File.ReadAllBytes(file);
        var random = new Random(1);
        for (var i = 0; i < 40; i++)
        {
            var bad = (byte[])good.Clone();
            bad[random.Next(bad.Length)] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(file, bad);
            Assert.False(LoadAndCall(Wasm));
            Assert.True(LoadAndCall(Wasm));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4_096)]
    [InlineData(-1)]
    public void A_torn_file_makes_it_compile_anew(int length)
    {
        Assert.False(LoadAndCall(Wasm));
        var file = Assert.Single(Directory.GetFiles(_folder));
        using (var stream = File.OpenWrite(file)) stream.SetLength(length < 0 ? stream.Length - 1 : length);

        Assert.False(LoadAndCall(Wasm));
        Assert.True(LoadAndCall(Wasm));
    }

    [Fact]
    public void The_compiled_form_of_another_module_is_not_taken_for_it()
    {
        Assert.False(LoadAndCall(Wasm));
        var mine = Assert.Single(Directory.GetFiles(_folder));
        LoadAndCall(Other);
        var other = Assert.Single(Directory.GetFiles(_folder), f => f != mine);
        File.Copy(other, mine, overwrite: true);

        Assert.False(LoadAndCall(Wasm));
        Assert.True(LoadAndCall(Wasm));
    }

    [Fact]
    public void What_was_written_under_another_key_is_not_taken()
    {
        Assert.False(LoadAndCall(Wasm));

        Assert.False(LoadAndCall(Wasm, RandomNumberGenerator.GetBytes(32)));
    }

    [Fact]
    public void Rubbish_under_a_likely_name_is_not_taken()
    {
        Assert.False(LoadAndCall(Wasm));
        var file = Assert.Single(Directory.GetFiles(_folder));
        var name = Path.GetFileName(file);
        File.Delete(file);
        // The right beginning, another hash; also a folder and a link to nowhere.
        File.WriteAllBytes(Path.Combine(_folder, name[..60] + new string('0', name.Length - 66) + ".cwasm"), [1, 2, 3]);
        File.CreateSymbolicLink(Path.Combine(_folder, name[..60] + "link.cwasm"), "/nowhere/at/all");

        Assert.False(LoadAndCall(Wasm));
    }

    [Fact]
    public void A_cache_folder_that_cannot_be_used_costs_only_time()
    {
        var file = Path.Combine(_folder, "in-the-way");
        File.WriteAllText(file, "");

        using var sandbox = new Sandbox(new ModuleHostOptions { CacheFolder = file, CacheKey = _key, InstancesMax = 8 }, TimeProvider.System);

        Assert.False(LoadAndCall(sandbox, Wasm));
        Assert.False(LoadAndCall(sandbox, Wasm));
    }

    [Fact]
    public async Task Two_processes_share_a_folder()
    {
        var children = Enumerable.Range(0, 2).Select(_ => ChildProcess.RunAsync(
            "Edge.Wasm.Tests.Modules.ModuleCacheTests.Child_loads_and_disturbs_a_shared_folder", ("EDGE_TEST_CACHE", $"{_folder}|{Convert.ToHexString(_key)}"))).ToArray();

        foreach (var child in await Task.WhenAll(children)) Assert.True(child.ExitCode == 0, child.Output);
        Assert.DoesNotContain(Directory.GetFiles(_folder), f => f.EndsWith(".tmp", StringComparison.Ordinal));
    }

    /// <summary>Runs in the processes of the test above.</summary>
    [Fact(Explicit = true)]
    public void Child_loads_and_disturbs_a_shared_folder()
    {
        var told = (Environment.GetEnvironmentVariable("EDGE_TEST_CACHE") ?? throw new InvalidOperationException("EDGE_TEST_CACHE is not set.")).Split('|');
        using var sandbox = new Sandbox(new ModuleHostOptions { CacheFolder = told[0], CacheKey = Convert.FromHexString(told[1]), InstancesMax = 8 }, TimeProvider.System);
        for (var i = 0; i < 60; i++)
        {
            LoadAndCall(sandbox, Wasm);
            if (i % 3 != 0) continue;
            foreach (var file in Directory.GetFiles(told[0], "*.cwasm")) File.Delete(file);
        }
    }

    private bool LoadAndCall(byte[] wasm, byte[]? key = null)
    {
        using var sandbox = new Sandbox(new ModuleHostOptions { CacheFolder = _folder, CacheKey = key ?? _key, InstancesMax = 8 }, TimeProvider.System);
        return LoadAndCall(sandbox, wasm);
    }

    private static bool LoadAndCall(Sandbox sandbox, byte[] wasm)
    {
        var loaded = Assert.IsType<ModuleLoad.Loaded>(sandbox.Host.Load(wasm));
        using (loaded.Module)
        using (var instance = sandbox.Start(loaded.Module, Sandbox.Options()))
        {
            if (loaded.Module.Kind == ModuleKind.Handler) Assert.Equal(1, instance.Handle("a"u8, "b"u8, 0).Value);
        }

        return loaded.FromCache;
    }
}

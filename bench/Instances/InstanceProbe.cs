using System.Globalization;
using Edge.Wasm.Instances;

namespace Edge.Bench.Instances;

/// <summary>A process of its own that makes live instances and prints what they weigh: resident memory is a process's, not a method's.</summary>
internal static class InstanceProbe
{
    /// <summary>First argument that starts it.</summary>
    public const string Argument = "instance-probe";

    /// <summary>Prints <c>rss</c> (kB an instance) and <c>total_rss</c> (MB of the process).</summary>
    public static int Run(string file, int count)
    {
        using var host = Guests.NewHost();
        using var module = Guests.Load(host, File.ReadAllBytes(file));
        var options = OptionsFor(file);
        Guests.Create(host, module, options).Dispose();
        var instances = new List<ModuleInstance>(count);
        GC.Collect();
        var before = ResidentKb();
        for (var i = 0; i < count; i++) instances.Add(Guests.Create(host, module, options));
        var after = ResidentKb();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"rss {(double)(after - before) / count:0.0}\ntotal_rss {after / 1024.0:0.0}"));
        foreach (var instance in instances) instance.Dispose();
        return 0;
    }

    /// <summary>What the sample modules of guests/ need to start.</summary>
    public static InstanceOptions OptionsFor(string file) => Path.GetFileName(file) switch
    {
        "units.wasm" => Guests.Options("""{"from":"degF","to":"degC"}""", "clock", "random", "log", "fs"),
        _ => Guests.Options(),
    };

    private static long ResidentKb() =>
        long.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[1], CultureInfo.InvariantCulture) * Environment.SystemPageSize / 1024;
}

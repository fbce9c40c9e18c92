using CsCheck;
using Edge.Wasm.Capabilities;

namespace Edge.Wasm.Tests.Capabilities;

/// <summary>Capabilities from a small world, so that any two of them often meet.</summary>
internal static class CapabilitySamples
{
    private static readonly Gen<string> Level = One("a", "b", "+");

    private static readonly Gen<string> Filter = Gen.Select(Level.Array[1, 3], Gen.Bool, (levels, open) =>
        string.Join('/', levels) + (open ? "/#" : ""));

    private static readonly Gen<TimeSpan> Duration = Gen.Int[0, 3].Select(n => TimeSpan.FromMicroseconds(n * 1_500));

    public static readonly Gen<Capability> Any = Gen.OneOf<Capability>(
        Gen.Const<Capability>(new RandomCapability()),
        Gen.Const<Capability>(new LogCapability()),
        Gen.Const<Capability>(new MetricCapability()),
        Gen.Select(One<string?>(null, "/", "/a", "/a/b", "/ab", "/a/b/c"), Gen.Bool,
            (folder, writable) => (Capability)new FileCapability(folder, writable && folder is not null)),
        Gen.Select(Duration, Duration, Gen.Bool, (offset, drift, behind) => (Capability)new ClockCapability(behind ? -offset : offset, drift)),
        Gen.Select(One("a.example", "10.0.0.1", "::1"), One(1, 80, 65_535), (host, port) => (Capability)new NetCapability(host, port)),
        Gen.Select(One("gpiochip0", "virtual0"), Gen.Int[0, 2], Gen.Bool, (chip, line, output) => (Capability)new GpioCapability(chip, line, output)),
        Gen.OneOf(Filter, Gen.Const("#")).Select(filter => (Capability)new PublishCapability(filter)),
        One(1L, 1_000, 1_024, 65_536, 64 << 20).Select(size => (Capability)new KvCapability(size)));

    private static Gen<T> One<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);
}

using System.Globalization;
using Edge.Wasm;
using Edge.Wasm.Capabilities;
using Edge.Wasm.Instances;
using Edge.Wasm.Limits;
using Edge.Wasm.Modules;
using Microsoft.Extensions.Logging.Abstractions;

namespace Edge.Node.Tests.Guests;

/// <summary>A module host of a test, and the shortest way to an instance.</summary>
internal sealed class Bench : IDisposable
{
    private static readonly ModuleLimits Unhurried = new() { Deadline = TimeSpan.FromSeconds(30), StartDeadline = TimeSpan.FromSeconds(60) };
    private readonly ModuleHost _host = new(new ModuleHostOptions { InstancesMax = 16 }, TimeProvider.System, NullLoggerFactory.Instance);

    public CompiledModule Load(byte[] wasm) => _host.Load(wasm) switch
    {
        ModuleLoad.Loaded loaded => loaded.Module,
        ModuleLoad.Rejected rejected => throw new InvalidOperationException(string.Join("\n", rejected.Reasons)),
        var other => throw new InvalidOperationException(other.ToString()),
    };

    public ModuleInstance Start(CompiledModule module, string config = "", byte[]? snapshot = null, Stream? input = null, Stream? output = null, params string[] grants)
    {
        var options = new InstanceOptions
        {
            Tenant = "acme",
            Module = "guest",
            Limits = Unhurried,
            Grants = new([.. grants.Select(Grant)]),
            Config = System.Text.Encoding.UTF8.GetBytes(config),
            Snapshot = snapshot is null ? default(ReadOnlyMemory<byte>?) : new ReadOnlyMemory<byte>(snapshot),
            Log = NullLogger.Instance,
            Input = input,
            Output = output,
        };
        return _host.Create(module, options, out var fault) ?? throw new InvalidOperationException(fault!.Message);
    }

    public void Dispose() => _host.Dispose();

    private static Capability Grant(string text) =>
        Capability.TryParse(text, out var capability, out var error) ? capability! : throw new InvalidOperationException(error);

    public static string Port(ModuleInstance instance, int port) => string.Join('\n', instance.Effects.Emits.Where(emit => emit.Port == port)
        .Select(emit => System.Text.Encoding.UTF8.GetString(instance.Effects.Span(emit.Payload)).ToString(CultureInfo.InvariantCulture)));
}

using Edge.Node.Gpio;
using Edge.Wasm;
using Edge.Wasm.Capabilities;
using Edge.Wasm.Faults;
using Edge.Wasm.Instances;
using Edge.Wasm.Limits;
using Edge.Wasm.Modules;
using Microsoft.Extensions.Logging.Abstractions;

namespace Edge.Node.LocalRun;

/// <summary>
/// Runs a module of any kind once on this machine, with the limits, grants and faults that a node would apply. Output goes to <paramref name="output"/>, everything else to <paramref name="errors"/>.
/// </summary>
internal sealed class LocalRunner(TimeProvider time, Stream input, Stream output, TextWriter errors)
{
    private const string Tenant = "local";

    /// <summary>The exit code: a command's own, else 0, 1 for a fault, 2 for input that is none.</summary>
    public async Task<int> RunAsync(RunRequest request)
    {
        using var host = new ModuleHost(new ModuleHostOptions { InstancesMax = 1 }, time, NullLoggerFactory.Instance);
        var load = host.Load(await File.ReadAllBytesAsync(request.File));
        if (load is ModuleLoad.Rejected rejected) errors.WriteLine(rejected.Describe(request.File));
        if (load is not ModuleLoad.Loaded { Module: var module }) return 1;
        using (module)
        {
            var name = Path.GetFileNameWithoutExtension(request.File);
            if (GrantArguments.Missing(module, name, request.Grants) is { } missing)
            {
                errors.WriteLine(missing);
                return 1;
            }
            using var denials = new DenialTally(name);
            var code = await host.Threads.RunAsync(Tenant, work => work.Runner.Run(work.Host, work.Module, work.Name, work.Request), (Runner: this, Host: host, Module: module, Name: name, Request: request));
            foreach (var line in denials.Lines) errors.WriteLine(line);
            return code;
        }
    }

    private int Run(ModuleHost host, CompiledModule module, string name, RunRequest request)
    {
        var kv = KvFile.Load(request.KvPath);
        var log = new TextLog(errors);
        using var lines = new GpioLines(new Logger<GpioLines>(new OneLogFactory(log)));
        using var instance = host.Create(module, Options(module, name, request, kv, lines, log), out var fault);
        if (instance is null)
        {
            LocalSession.Report(errors, fault!, $"Module '{name}' did not start");
            return 1;
        }
        using var text = new StreamWriter(output, leaveOpen: true);
        var code = KindRuns.Run(module.Kind, new LocalSession(instance, request, kv, lines, text, errors), request, input, output, errors, time);
        text.Flush();
        KvFile.Save(request.KvPath, kv);
        return code;
    }

    private InstanceOptions Options(CompiledModule module, string name, RunRequest request, KvSpace kv, GpioLines lines, TextLog log) => new()
    {
        Tenant = Tenant,
        Module = name,
        Limits = new ModuleLimits { Deadline = request.Deadline, OutputMaxBytes = 64 << 20 },
        Grants = request.Grants,
        Config = request.Config,
        Kv = kv,
        FilesRoot = request.FilesRoot,
        Gpio = lines,
        Log = log,
        Arguments = request.Arguments,
        Input = module.Kind == ModuleKind.Command ? input : null,
        Output = module.Kind == ModuleKind.Command ? output : null,
    };

    private sealed class OneLogFactory(ILogger log) : ILoggerFactory
    {
        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public ILogger CreateLogger(string categoryName) => log;

        public void Dispose()
        {
        }
    }
}

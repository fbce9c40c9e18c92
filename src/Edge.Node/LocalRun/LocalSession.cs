using System.Text;
using Edge.Node.Gpio;
using Edge.Wasm.Capabilities;
using Edge.Wasm.Faults;
using Edge.Wasm.Instances;

namespace Edge.Node.LocalRun;

/// <summary>
/// The life of one instance in a local run: after each call its effects are printed and, as a node would, applied to the key-value pairs and lines of this machine.
/// Publishing goes nowhere but to the output.
/// </summary>
internal sealed class LocalSession(ModuleInstance instance, RunRequest request, KvSpace kv, GpioLines lines, TextWriter output, TextWriter errors)
{
    private readonly GpioCapability[] _granted = [.. request.Grants.Grants.OfType<GpioCapability>()];

    public ModuleInstance Instance => instance;

    /// <summary>Whether a call failed.</summary>
    public bool Failed { get; private set; }

    /// <summary>Prints what became of a call. False when the instance has ended.</summary>
    public bool Take(CallOutcome outcome, string what)
    {
        if (outcome.Fault is { } fault)
        {
            Failed = true;
            Report(errors, fault, what);
            return fault.InstanceSurvives;
        }
        foreach (var line in EffectLines.Of(instance.Effects, request.Show)) output.WriteLine(line);
        Apply(instance.Effects);
        return true;
    }

    public static void Report(TextWriter errors, GuestFault fault, string what)
    {
        foreach (var line in FaultText.Of(fault)) errors.WriteLine(line.StartsWith(' ') ? line : $"{what}: {line}");
    }

    private void Apply(CallEffects effects)
    {
        foreach (var write in effects.KvWrites)
            kv.Set(Encoding.UTF8.GetString(effects.Span(write.Key)), write.Deleted ? null : effects.Span(write.Value).ToArray());
        foreach (var write in effects.GpioWrites)
        {
            var line = _granted[write.Line];
            if (!lines.Write(line.Chip, line.Line, write.High)) errors.WriteLine($"GPIO line {line} was not driven: it does not answer on this machine. Use chip virtual0 where there is none.");
        }
    }
}

using System.Globalization;
using Edge.Node.Configuration.Fields;
using Edge.Node.Configuration.Manifests;
using Edge.Wasm.Limits;

namespace Edge.Node.Configuration.Checks;

/// <summary>A module asks for no limit above its tenant's. (One that it does not write is capped silently.)</summary>
internal sealed class LimitChecks(Declared<ModuleManifest> module, ModuleLimits cap, Findings findings)
{
    public void Run()
    {
        var asked = module.Spec.Limits;
        Check("memory", asked.Memory, cap.MemoryMaxBytes, Show);
        Check("deadline", asked.Deadline, cap.Deadline, Show);
        Check("startDeadline", asked.StartDeadline, cap.StartDeadline, Show);
        Check("tableElements", asked.TableElements, cap.TableElementsMax, Show);
        Check("output", asked.Output, cap.OutputMaxBytes, Show);
        Check("logLinesPerSecond", asked.LogLinesPerSecond, cap.LogLinesPerSecond, Show);
        Check("instances", asked.Instances, cap.InstancesMax, Show);
    }

    private void Check<T>(string name, T? asked, T allowed, Func<T, string> show)
        where T : struct, IComparable<T>
    {
        if (asked is not { } value || value.CompareTo(allowed) <= 0) return;
        findings.Add(module.At("limits", name),
            $"Module '{module.Name}' asks for {name} {show(value)}; tenant '{module.Tenant}' allows {show(allowed)}. Ask for less, or raise spec.limits.{name} of Tenant '{module.Tenant}'.");
    }

    private static string Show(long bytes) => Quantity.Size.Write(bytes);

    private static string Show(TimeSpan duration) => Quantity.Duration.Write(duration.Ticks);

    private static string Show(int number) => number.ToString(CultureInfo.InvariantCulture);
}

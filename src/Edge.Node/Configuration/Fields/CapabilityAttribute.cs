using Edge.Node.Configuration.Yaml;
using Edge.Wasm.Capabilities;

namespace Edge.Node.Configuration.Fields;

/// <summary>A capability as <see cref="Capability"/> reads it.</summary>
internal sealed class CapabilityAttribute(string description) : TextAttribute(description)
{
    public override string Allowed => "log, metric, random, clock, clock:offset=2h,drift=5ms, fs, fs:/folder:ro, fs:/folder:rw, kv:64KiB, mqtt:pub:alarms/#, net:host:port, gpio:gpiochip0/17:in, gpio:gpiochip0/17:out";

    protected override string Pattern => "^(log|metric|random|clock(:.+)?|fs(:.+)?|kv:.+|mqtt:.+|net:.+|gpio:.+)$";

    protected override object? Parse(YamlScalar scalar, out string problem)
    {
        var read = Capability.TryParse(scalar.Text, out var capability, out var error);
        problem = read ? "" : $"is no capability. {error}";
        return capability;
    }
}

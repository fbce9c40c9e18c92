using System.Globalization;

namespace Edge.Wasm.Capabilities;

/// <summary>
/// May read clocks. The guest's wall clock is the host's plus <paramref name="Offset"/> and a slow deviation that stays within ±<paramref name="Drift"/>,
/// as a device's own clock would have; its monotonic clock is the host's.
/// </summary>
/// <param name="Offset">How far the guest's wall clock is ahead of the host's, below 0 behind. Default 0; up to 36 500 days either way.</param>
/// <param name="Drift">Bound of the deviation. Default 0; 0–60 s.</param>
public sealed record ClockCapability(TimeSpan Offset, TimeSpan Drift) : Capability
{
    private static readonly TimeSpan OffsetMax = TimeSpan.FromDays(36_500);
    private static readonly TimeSpan DriftMax = TimeSpan.FromSeconds(60);

    /// <inheritdoc/>
    public override string Kind => "clock";

    internal static Capability? Parse(string? rest, out string problem)
    {
        problem = "";
        TimeSpan offset = default, drift = default;
        foreach (var setting in rest?.Split(',') ?? [])
        {
            var equals = setting.IndexOf('=', StringComparison.Ordinal);
            var (name, value) = equals < 0 ? (setting, "") : (setting[..equals], setting[(equals + 1)..]);
            problem = name switch
            {
                "offset" => Read(name, value, -OffsetMax, OffsetMax, out offset),
                "drift" => Read(name, value, TimeSpan.Zero, DriftMax, out drift),
                _ => CapabilityGrammar.UnknownWord("setting", name, "offset", "drift"),
            };
            if (problem.Length > 0) return null;
        }
        return new ClockCapability(offset, drift);
    }

    /// <summary>The true clock covers every clock; a changed one covers itself and less exact ones of the same offset.</summary>
    public override bool Covers(Capability asked) => asked is ClockCapability other &&
        (this == new ClockCapability(default, default) || (Offset == other.Offset && Drift <= other.Drift));

    /// <inheritdoc/>
    public override string ToString()
    {
        string[] settings =
        [
            .. Offset == default ? Array.Empty<string>() : [$"offset={CapabilityUnits.Format(Offset)}"],
            .. Drift == default ? Array.Empty<string>() : [$"drift={CapabilityUnits.Format(Drift)}"],
        ];
        return settings.Length == 0 ? Kind : $"{Kind}:{string.Join(',', settings)}";
    }

    private static string Read(string name, string value, TimeSpan least, TimeSpan most, out TimeSpan duration)
    {
        if (CapabilityUnits.TryDuration(value, out duration) && duration >= least && duration <= most) return "";
        return string.Create(CultureInfo.InvariantCulture,
            $"has the {name} '{value}'; allowed is a whole number with one of {CapabilityUnits.DurationUnits}, from {CapabilityUnits.Format(least)} to {CapabilityUnits.Format(most)}.");
    }
}

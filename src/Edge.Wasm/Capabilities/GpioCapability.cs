using System.Globalization;

namespace Edge.Wasm.Capabilities;

/// <summary>May read (<c>gpio_read</c>) or drive (<c>gpio_write</c>) one line. Guests name it by its index among their GPIO grants, in the order of the manifest.</summary>
/// <param name="Chip">The chip, such as <c>gpiochip0</c>, or a virtual one (<c>virtual0</c>).</param>
/// <param name="Line">The line's offset on the chip; 0–1 023.</param>
/// <param name="Output">True to drive it, false to read it: a line has one direction.</param>
public sealed record GpioCapability(string Chip, int Line, bool Output) : Capability
{
    private const int LineMax = 1_023;

    /// <inheritdoc/>
    public override string Kind => "gpio";

    /// <inheritdoc/>
    public override bool WritesToTheWorld => Output;

    internal static Capability? Parse(string? rest, out string problem)
    {
        problem = "";
        var parts = (rest ?? "").Split(':');
        var (chip, line) = parts[0].Split('/') is [var c, var l] ? (c, l) : ("", "");
        if (parts.Length != 2 || chip.Length == 0 || !chip.All(char.IsAsciiLetterOrDigit))
            problem = $"names the line '{rest}'; a line is chip/number and a direction.";
        else if (!int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number > LineMax)
            problem = $"has the line number '{line}'; allowed is 0 to {LineMax}.";
        else if (parts[1] is not ("in" or "out")) problem = CapabilityGrammar.UnknownWord("direction", parts[1], "in", "out");
        else return new GpioCapability(chip, number, parts[1] == "out");
        return null;
    }

    /// <inheritdoc/>
    public override bool Covers(Capability asked) => asked == this;

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Kind}:{Chip}/{Line}:{(Output ? "out" : "in")}");
}

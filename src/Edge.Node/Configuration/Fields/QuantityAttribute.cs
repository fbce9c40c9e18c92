using System.Globalization;
using System.Text.Json.Nodes;
using Edge.Node.Configuration.Yaml;

namespace Edge.Node.Configuration.Fields;

/// <summary>A field that is a <see cref="Quantity"/> of a range.</summary>
internal abstract class QuantityAttribute : FieldAttribute
{
    private readonly Quantity _quantity;
    private readonly decimal _min;
    private readonly decimal _max;

    protected QuantityAttribute(string description, Quantity quantity, string min, string max) : base(description)
    {
        _quantity = quantity;
        if (!quantity.TryRead(min, out _min, out _) || !quantity.TryRead(max, out _max, out _)) throw new ArgumentException($"The range {min}–{max} is not {quantity.What}.");
    }

    public override string Allowed => $"{_quantity.What} {_quantity.Write(_min)}–{_quantity.Write(_max)} ({_quantity.UnitNames})";

    public override JsonObject Schema => _quantity.UnitRequired
        ? new() { ["type"] = "string", ["pattern"] = _quantity.Pattern }
        : new() { ["type"] = new JsonArray("number", "string"), ["pattern"] = _quantity.Pattern, ["minimum"] = Number(_min), ["maximum"] = Number(_max) };

    public override object? Read(YamlScalar scalar, out string problem)
    {
        problem = "";
        var read = _quantity.TryRead(scalar.Text, out var value, out var remedy);
        if (read && value >= _min && value <= _max && FromBase(value) is { } result) return result;
        problem = Refusal(scalar, remedy);
        return null;
    }

    public override JsonNode Show(object value) => _quantity.Write(ToBase(value));

    /// <summary>Null where the value is finer than its type can hold.</summary>
    protected abstract object? FromBase(decimal value);

    protected abstract decimal ToBase(object value);

    private static JsonValue Number(decimal value) => JsonValue.Create(double.Parse(value.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture));
}

/// <summary>Bytes, as <see cref="long"/>.</summary>
internal sealed class SizeAttribute(string description, string min, string max) : QuantityAttribute(description, Quantity.Size, min, max)
{
    protected override object? FromBase(decimal value) => value == decimal.Truncate(value) ? (long)value : null;

    protected override decimal ToBase(object value) => (long)value;
}

/// <summary>A <see cref="TimeSpan"/>.</summary>
internal sealed class DurationAttribute(string description, string min, string max) : QuantityAttribute(description, Quantity.Duration, min, max)
{
    protected override object? FromBase(decimal value) => new TimeSpan((long)value);

    protected override decimal ToBase(object value) => ((TimeSpan)value).Ticks;
}

/// <summary>Hertz, as <see cref="double"/>.</summary>
internal sealed class RateAttribute(string description, string min, string max) : QuantityAttribute(description, Quantity.Rate, min, max)
{
    protected override object? FromBase(decimal value) => (double)value;

    protected override decimal ToBase(object value) => (decimal)(double)value;
}

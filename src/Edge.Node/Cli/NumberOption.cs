using System.CommandLine;
using System.Globalization;
using System.Numerics;

namespace Edge.Node.Cli;

/// <summary>An option that is a number within bounds. What is no number, or lies outside, is answered with the value and what is allowed.</summary>
internal static class NumberOption
{
    /// <param name="name">Such as <c>--speed</c>.</param>
    /// <param name="description">For <c>--help</c>; the bounds are added.</param>
    /// <param name="initial">The value when the option is not given.</param>
    /// <param name="least">Smallest allowed value.</param>
    /// <param name="most">Largest allowed value.</param>
    /// <param name="unit">What the number counts, for <c>--help</c>.</param>
    public static Option<T> Create<T>(string name, string description, T initial, T least, T most, string unit)
        where T : struct, INumber<T>
    {
        var allowed = string.Create(CultureInfo.InvariantCulture, $"{least} to {most}");
        return new(name)
        {
            Description = $"{description} Allowed: {allowed}.",
            HelpName = unit,
            DefaultValueFactory = _ => initial,
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                if (T.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most) return value;
                result.AddError($"{name} is '{text}'; allowed: {(initial is int ? "a whole number" : "a number")} from {allowed}.");
                return initial;
            },
        };
    }
}

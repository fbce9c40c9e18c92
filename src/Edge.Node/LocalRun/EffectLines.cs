using System.Globalization;
using System.Text;
using Edge.Wasm.Instances;

namespace Edge.Node.LocalRun;

/// <summary>What a call did, a line an effect: <c>emit 0 42.5</c>, <c>publish alarms/x qos 1 retain hot</c>, <c>metric load 0.5</c>, <c>gpio 0 high</c>, <c>kv put k 5 bytes</c>. Pure.</summary>
internal static class EffectLines
{
    public static IEnumerable<string> Of(CallEffects effects, string show)
    {
        foreach (var emit in effects.Emits)
            yield return Line($"emit {emit.Port}{(emit.TimeUs == 0 ? "" : $" at {emit.TimeUs}")} {PayloadText.Show(effects.Span(emit.Payload), show)}");
        foreach (var publish in effects.Publishes)
            yield return Line($"publish {Text(effects, publish.Topic)} qos {publish.Qos}{(publish.Retain ? " retain" : "")} {PayloadText.Show(effects.Span(publish.Payload), show)}");
        foreach (var metric in effects.Metrics)
            yield return Line($"metric {Text(effects, metric.Name)} {metric.Value}");
        foreach (var gpio in effects.GpioWrites)
            yield return Line($"gpio {gpio.Line} {(gpio.High ? "high" : "low")}");
        foreach (var write in effects.KvWrites)
            yield return write.Deleted ? $"kv delete {Text(effects, write.Key)}" : Line($"kv put {Text(effects, write.Key)} {write.Value.Length} bytes");
    }

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Text(CallEffects effects, EffectBytes bytes) => Encoding.UTF8.GetString(effects.Span(bytes));
}

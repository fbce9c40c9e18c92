using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Edge.Node.Configuration.Yaml;

/// <summary>Writes a YAML value as compact JSON, by YAML 1.2's core schema: what is written like a number is one.</summary>
internal static class YamlJson
{
    /// <summary>The UTF-8 JSON. Numbers that JSON has not (octal, hexadecimal, infinite) are findings.</summary>
    public static byte[] Write(YamlNode node, Findings findings)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        Write(node, json, findings);
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static void Write(YamlNode node, Utf8JsonWriter json, Findings findings)
    {
        switch (node)
        {
            case YamlMap map:
                json.WriteStartObject();
                foreach (var entry in map.Entries)
                {
                    json.WritePropertyName(entry.Key.Text);
                    Write(entry.Value, json, findings);
                }
                json.WriteEndObject();
                break;
            case YamlList list:
                json.WriteStartArray();
                foreach (var item in list.Items) Write(item, json, findings);
                json.WriteEndArray();
                break;
            case YamlScalar scalar:
                WriteScalar(scalar, json, findings);
                break;
        }
    }

    private static void WriteScalar(YamlScalar scalar, Utf8JsonWriter json, Findings findings)
    {
        if (scalar.IsNothing) json.WriteNullValue();
        else if (scalar.IsBoolean) json.WriteBooleanValue(scalar.Text[0] is 't' or 'T');
        else if (!scalar.IsNumber) json.WriteStringValue(scalar.Text);
        else if (long.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)) json.WriteNumberValue(whole);
        else if (YamlNumber.IsDecimal(scalar.Text) && double.Parse(scalar.Text, CultureInfo.InvariantCulture) is var number && double.IsFinite(number)) json.WriteNumberValue(number);
        else
        {
            findings.Add(scalar.Place, $"The value is {scalar.Describe()}, which JSON cannot hold; allowed: decimal numbers. Write it so, or put it in quotes if text is meant.");
            json.WriteNullValue();
        }
    }
}

using System.Text;
using System.Text.Json;

namespace Edge.Actors.Channels.Payloads;

/// <summary>A dotted path into a JSON document, such as <c>data.values</c>; a number picks an element of an array. Empty: the document itself.</summary>
internal sealed class JsonPath(string path)
{
    private readonly (byte[] Name, int Index)[] _steps =
        [.. path.Split('.', StringSplitOptions.RemoveEmptyEntries).Select(s => (Encoding.UTF8.GetBytes(s), int.TryParse(s, out var i) ? i : -1))];

    /// <summary>Moves <paramref name="json"/> to the first token of the value. False when there is no such value.</summary>
    /// <exception cref="JsonException">The text is no JSON.</exception>
    public bool Find(ref Utf8JsonReader json)
    {
        if (!json.Read()) return false;
        foreach (var (name, index) in _steps)
        {
            var found = json.TokenType switch
            {
                JsonTokenType.StartObject => EnterProperty(ref json, name),
                JsonTokenType.StartArray => EnterElement(ref json, index),
                _ => false,
            };
            if (!found) return false;
        }

        return true;
    }

    private static bool EnterProperty(ref Utf8JsonReader json, byte[] name)
    {
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var found = json.ValueTextEquals(name);
            json.Read();
            if (found) return true;
            json.Skip();
        }

        return false;
    }

    private static bool EnterElement(ref Utf8JsonReader json, int index)
    {
        for (var i = 0; json.Read() && json.TokenType != JsonTokenType.EndArray; i++)
        {
            if (i == index) return true;
            json.Skip();
        }

        return false;
    }
}

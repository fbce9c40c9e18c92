using System.Text.Json;
using Edge.Wasm.Capabilities;

namespace Edge.Node.LocalRun;

/// <summary>Key-value pairs of a local run in a file: a JSON object of keys and base64 values.</summary>
internal static class KvFile
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>The pairs; none where the file is not there yet.</summary>
    /// <exception cref="InvalidDataException">The file is something else.</exception>
    public static KvSpace Load(string? path)
    {
        var kv = new KvSpace();
        if (path is null || !File.Exists(path)) return kv;
        try
        {
            foreach (var (key, value) in JsonSerializer.Deserialize<Dictionary<string, byte[]>>(File.ReadAllBytes(path)) ?? []) kv.Set(key, value);
            return kv;
        }
        catch (JsonException)
        {
            throw new InvalidDataException($"Key-value file '{path}' is no JSON object of keys and base64 values. Give another --kv file, or delete it to start empty.");
        }
    }

    public static void Save(string? path, KvSpace kv)
    {
        if (path is not null) File.WriteAllText(path, JsonSerializer.Serialize(kv.Pairs.OrderBy(pair => pair.Key, StringComparer.Ordinal).ToDictionary(), Indented));
    }
}

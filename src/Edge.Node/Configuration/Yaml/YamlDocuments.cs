using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Edge.Node.Configuration.Yaml;

/// <summary>
/// Reads the text of one file into located values, one a document. Pure. A syntax mistake ends its document only: the text is cut at the <c>---</c>
/// lines first, so that the mistakes of the other documents are found too. What would let a small file grow in memory or read
/// differently elsewhere is refused: anchors, aliases, merge keys, tags, and more than <see cref="DepthMax"/> levels.
/// </summary>
internal sealed class YamlDocuments
{
    public const int DepthMax = 32;

    private readonly string _file;
    private readonly int _linesBefore;
    private readonly string[] _lines;
    private readonly Findings _findings;
    private readonly List<YamlNode> _documents = [];

    // The rest is not even scanned: the parser's time grows with the square of the depth.
    private bool _givenUp;

    private YamlDocuments(string file, int linesBefore, string[] lines, Findings findings)
    {
        (_file, _linesBefore, _lines, _findings) = (file, linesBefore, lines, findings);
    }

    /// <summary>The documents of <paramref name="text"/>; empty ones are left out.</summary>
    public static IReadOnlyList<YamlNode> Read(string file, string text, Findings findings)
    {
        var documents = new List<YamlNode>();
        string[] lines = text.ReplaceLineEndings("\n").Split('\n');
        var begin = 0;
        for (var i = 1; i <= lines.Length; i++)
        {
            if (i < lines.Length && !IsMarker(lines[i])) continue;
            documents.AddRange(new YamlDocuments(file, begin, lines[begin..i], findings).ReadPart());
            begin = i;
        }
        return documents;
    }

    private static bool IsMarker(string line) => line.StartsWith("---", StringComparison.Ordinal) && (line.Length == 3 || line[3] is ' ' or '\t');

    private List<YamlNode> ReadPart()
    {
        // What stands before the first marker may be comments and directives only, which are no document.
        if (_lines.All(line => line.Length == 0 || line[0] is '#' or '%' || string.IsNullOrWhiteSpace(line))) return [];
        var parser = new Parser(new StringReader(string.Join('\n', _lines)));
        try
        {
            while (!_givenUp && parser.MoveNext())
            {
                if (parser.Current is not DocumentStart) continue;
                parser.MoveNext();
                if (ReadNode(parser, 0) is { } document && document is not YamlScalar { IsNothing: true }) _documents.Add(document);
            }
        }
        catch (YamlException mistake)
        {
            var tab = YamlSyntax.TabIndentedLine(_lines);
            if (tab >= 0) _findings.Add(new Place(_file, _linesBefore + tab + 1, 1), YamlSyntax.Tab);
            else Add(mistake.Start, YamlSyntax.Explain(mistake.Message, Line(mistake.Start)));
        }
        catch (Exception mistake) when (mistake is InvalidOperationException or ArgumentException or FormatException or IndexOutOfRangeException or OverflowException)
        {
            // YamlDotNet's scanner fails with these on some unclosed or cut-off text (found by the mutation test) and then knows no place.
            Add(parser.Current?.End ?? Mark.Empty, YamlSyntax.Unreadable);
        }
        return _documents;
    }

    // Null after something that was refused: its document is then given up, since what follows would be misread.
    private YamlNode? ReadNode(Parser parser, int depth)
    {
        var current = parser.Current!;
        if (Refusal(current, depth) is { } refusal)
        {
            Add(current.Start, refusal);
            _givenUp = true;
            return null;
        }
        return current switch
        {
            Scalar scalar => new YamlScalar(At(scalar.Start), scalar.Value, scalar.Style is ScalarStyle.Plain),
            SequenceStart => ReadList(parser, depth),
            MappingStart => ReadMap(parser, depth),
            _ => throw new InvalidOperationException($"The YAML parser gave {current.GetType().Name} where a value begins."),
        };
    }

    private static string? Refusal(ParsingEvent current, int depth) => current switch
    {
        AnchorAlias alias => $"Alias *{alias.Value} stands here; manifests take no aliases. Write the value out.",
        NodeEvent { Anchor.IsEmpty: false } node => $"Anchor &{node.Anchor} stands here; manifests take no anchors. Remove it and write the value out where it is used.",
        NodeEvent { Tag: { IsEmpty: false, IsNonSpecific: false } } node => $"Tag {Quote.Of(node.Tag.Value)} stands here; manifests take no tags. Remove it.",
        _ when depth > DepthMax => $"The value lies more than {DepthMax} levels deep. Nest less.",
        _ => null,
    };

    private YamlList? ReadList(Parser parser, int depth)
    {
        var place = At(parser.Current!.Start);
        var items = new List<YamlNode>();
        while (parser.MoveNext() && parser.Current is not SequenceEnd)
        {
            if (ReadNode(parser, depth + 1) is not { } item) return null;
            items.Add(item);
        }
        return new YamlList(place, items);
    }

    private YamlMap? ReadMap(Parser parser, int depth)
    {
        var place = At(parser.Current!.Start);
        var entries = new Dictionary<string, YamlEntry>(StringComparer.Ordinal);
        while (parser.MoveNext() && parser.Current is not MappingEnd)
        {
            if (ReadNode(parser, depth + 1) is not { } key) return null;
            parser.MoveNext();
            if (ReadNode(parser, depth + 1) is not { } value) return null;
            AddEntry(entries, key, value);
        }
        return new YamlMap(place, [.. entries.Values]);
    }

    private void AddEntry(Dictionary<string, YamlEntry> entries, YamlNode key, YamlNode value)
    {
        if (key is not YamlScalar name)
            _findings.Add(key.Place, $"A key is {key.Describe()}; keys are words. A value that begins with '{{' or '[' must be quoted: \"{{key}}/beats\".");
        else if (name is { Plain: true, Text: "<<" })
            _findings.Add(key.Place, "Merge key '<<' stands here; manifests take no merges. Write the fields out.");
        else if (!entries.TryAdd(name.Text, new YamlEntry(name, value)))
            _findings.Add(key.Place, $"{Quote.Of(name.Text)} is written twice; the first is at {entries[name.Text].Key.Place}. Remove one of them.");
    }

    private void Add(Mark mark, string message) => _findings.Add(At(mark), message);

    private Place At(Mark mark) => new(_file, _linesBefore + Math.Max(1, (int)mark.Line), Math.Max(1, (int)mark.Column));

    private string Line(Mark mark) => mark.Line >= 1 && mark.Line <= _lines.Length ? _lines[mark.Line - 1] : "";
}

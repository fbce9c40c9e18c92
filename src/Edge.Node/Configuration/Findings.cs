namespace Edge.Node.Configuration;

/// <summary>
/// Gathers the mistakes of a load. Bounded: past <see cref="PerFileMax"/> mistakes of one file the rest is only counted, since by
/// then the file is something else than a manifest.
/// </summary>
internal sealed class Findings
{
    public const int PerFileMax = 100;

    private readonly Dictionary<string, List<Finding>> _byFile = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _unlisted = new(StringComparer.Ordinal);

    /// <summary>Mistakes so far, listed or not.</summary>
    public int Count { get; private set; }

    public void Add(Place place, string message)
    {
        Count++;
        if (!_byFile.TryGetValue(place.File, out var ofFile)) _byFile[place.File] = ofFile = [];
        if (ofFile.Count < PerFileMax) ofFile.Add(new Finding(place, message));
        else _unlisted[place.File] = _unlisted.GetValueOrDefault(place.File) + 1;
    }

    /// <summary>All mistakes, by file and position; mistakes of one place stay in the order in which they were found.</summary>
    public IReadOnlyList<Finding> Sorted() =>
    [
        .. _byFile.Values.SelectMany(ofFile => ofFile).OrderBy(finding => finding.Place.File, StringComparer.Ordinal).ThenBy(finding => finding.Place.Line).ThenBy(finding => finding.Place.Column),
        .. _unlisted.OrderBy(file => file.Key, StringComparer.Ordinal).Select(file => new Finding(
            Place.Of(file.Key), $"This file has {file.Value} more mistakes, which are not listed. Correct the first {PerFileMax} and run the check again.")),
    ];
}

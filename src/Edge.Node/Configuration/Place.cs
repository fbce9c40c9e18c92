namespace Edge.Node.Configuration;

/// <summary>A place in a manifest file. Line and column count from 1; the column counts UTF-16 units, as editors do.</summary>
/// <param name="File">The path as the person wrote it, so that a terminal can open it.</param>
/// <param name="Line">1 for a mistake of the file as a whole.</param>
/// <param name="Column">1 for a mistake of the line as a whole.</param>
public readonly record struct Place(string File, int Line, int Column)
{
    /// <summary>The beginning of <paramref name="file"/>: where a mistake of the whole file is reported.</summary>
    public static Place Of(string file) => new(file, 1, 1);

    /// <summary><c>file:line:column</c>, the form that editors and terminals turn into a link.</summary>
    public override string ToString() => $"{File}:{Line}:{Column}";
}

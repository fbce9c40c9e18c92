namespace Edge.Node.Site;

/// <summary>Names of nodes: DNS labels.</summary>
internal static class NodeNames
{
    private const int Longest = 63;

    /// <summary>A name made of the machine's: lower case, what no label may hold as '-'.</summary>
    public static string OfMachine()
    {
        var name = new string([.. Environment.MachineName.ToLowerInvariant().Split('.')[0].Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-')]).Trim('-');
        return name.Length == 0 ? "node" : name[..Math.Min(name.Length, Longest)].TrimEnd('-');
    }
}

using System.Globalization;

namespace Edge.Node.Diagnosis;

/// <summary>The process may have enough files open: one for each connected device, and about a hundred of its own.</summary>
internal sealed class OpenFilesCheck(string root) : ICheck
{
    private const int Least = 512;
    private const int Good = 4096;

    /// <inheritdoc />
    public IEnumerable<Finding> Look()
    {
        // "Max open files            1024                 524288               files": .NET raises the soft limit to the hard one, so that counts.
        var words = File.ReadLines(Path.Combine(root, "proc/self/limits")).First(line => line.StartsWith("Max open files", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var files = words[4] == "unlimited" ? long.MaxValue : long.Parse(words[4], CultureInfo.InvariantCulture);
        var remedy = $"Set LimitNOFILE={Good} in the service's unit, or ulimit -n {Good}.";
        yield return files >= Good ? Finding.Ok("open files", $"up to {words[4]}")
            : files >= Least ? Finding.Warning("open files", $"up to {files}: fewer than {files} devices can be connected; {Good} or more is good.", remedy)
            : Finding.Failed("open files", $"up to {files}; {Least} or more is needed.", remedy);
    }
}

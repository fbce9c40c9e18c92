using System.Security.Cryptography;
using System.Text;
using Edge.Cluster.Book;
using Edge.Node.Storage;

namespace Edge.Node.Site;

/// <summary>The name of this data folder's intake log, made with the folder and kept for its life.</summary>
internal static class LogNameFile
{
    private const int BirthBytes = 4;

    /// <summary>Reads the name, or makes it with the node's name.</summary>
    public static LogName ReadOrMake(string path, string node)
    {
        if (File.Exists(path) && LogName.TryParse(File.ReadAllText(path).Trim(), out var name)) return name;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        name = new(node, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(BirthBytes)));
        StableStorage.Replace(path, Encoding.ASCII.GetBytes(name.ToString()));
        return name;
    }
}

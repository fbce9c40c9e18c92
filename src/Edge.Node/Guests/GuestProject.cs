using System.Reflection;
using System.Text.RegularExpressions;

namespace Edge.Node.Guests;

/// <summary>
/// A new module's project folder, made from the SDKs of <c>guests/sdk</c>, which are embedded in the program: the SDK's example becomes the project, all
/// else goes into its folder <c>sdk</c>, so that the project builds on its own.
/// </summary>
internal static partial class GuestProject
{
    private const string Root = "guests/sdk/";
    private const string Example = "example/";
    private const UnixFileMode Script = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    /// <summary>Languages that have an SDK.</summary>
    public static IReadOnlyList<string> Languages { get; } = ["c", "go", "assemblyscript"];

    /// <summary>Whether <paramref name="name"/> can name a module.</summary>
    public static bool IsName(string name) => Name().IsMatch(name);

    /// <summary>Writes the project and returns its files, relative to <paramref name="folder"/>, which does not exist yet.</summary>
    public static IReadOnlyList<string> Write(string folder, string name, string language)
    {
        var assembly = Assembly.GetExecutingAssembly();
        var prefix = $"{Root}{language}/";
        var written = new List<string>();
        foreach (var resource in assembly.GetManifestResourceNames().Where(r => r.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            var file = PathInProject(resource[prefix.Length..]);
            var path = Path.Combine(folder, file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, InProject(file, reader.ReadToEnd(), name));
            if (file.EndsWith(".sh", StringComparison.Ordinal))
            {
                File.SetUnixFileMode(path, Script);
            }

            written.Add(file);
        }

        return written;
    }

    private static string PathInProject(string file) =>
        file.StartsWith(Example, StringComparison.Ordinal) ? file[Example.Length..] : $"sdk/{file}";

    // The example lies inside the SDK, in a project it is the other way round; and it is called by the project's name.
    private static string InProject(string file, string text, string name) => file switch
    {
        "module.yaml" => text.Replace("example", name, StringComparison.Ordinal),
        "go.mod" => text.Replace("module example", $"module {name}", StringComparison.Ordinal).Replace("edge => ..", "edge => ./sdk", StringComparison.Ordinal),
        "index.ts" => text.Replace("\"../edge\"", "\"./sdk/edge\"", StringComparison.Ordinal),
        _ => text,
    };

    [GeneratedRegex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$")]
    private static partial Regex Name();
}

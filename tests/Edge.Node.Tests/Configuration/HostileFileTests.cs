using System.Text;
using CsCheck;
using Edge.Node.Configuration;
using Edge.Node.Configuration.Files;

namespace Edge.Node.Tests.Configuration;

/// <summary>Files that are no manifests, or want to harm: each is a finding in words, never an exception, and costs little.</summary>
public sealed class HostileFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("edge-manifests-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("", "1:1 The file holds no manifest")]
    [InlineData("# only a comment\n---\n", "1:1 The file holds no manifest")]
    [InlineData("just words", "1:1 The document is 'just words'; a manifest is a mapping of apiVersion, kind, metadata, spec.")]
    [InlineData("a:\n\tb: 1", "2:1 This line is indented with a tab; YAML allows blanks only.")]
    [InlineData("a: {key}/beats", "Put the value in quotes: \"{key}/beats\".")]
    [InlineData("a: 'x", "A quote is not closed.")]
    [InlineData("a: [1, 2\nb: 3\n", "is not closed")]
    [InlineData("a: &x [1]\nb: *x", "1:4 Anchor &x stands here; manifests take no anchors.")]
    [InlineData("kind: 1\n<<: {b: 1}", "2:1 Merge key '<<' stands here")]
    [InlineData("a: !!binary x", "manifests take no tags")]
    [InlineData("a: 1\na: 2", "2:1 'a' is written twice; the first is at ")]
    [InlineData("\0\0", "1:1 The file holds a NUL byte")]
    [InlineData("kind: Tenant\n\"\\e[2J\": 1", "no field '\\u001b[2J'")]
    public void A_file_that_is_no_manifest_is_told_so(string text, string expected) =>
        Assert.Contains(expected, string.Join('\n', Mistakes(Encoding.UTF8.GetBytes(text))), StringComparison.Ordinal);

    [Fact]
    public void Bytes_that_are_not_utf8_are_placed() =>
        Assert.Equal(["2:4 Byte 0xff here is not UTF-8; manifests are UTF-8. Save the file as UTF-8."], Mistakes([.. "a: 1\nb: "u8, 0xFF]));

    [Fact]
    public void A_file_larger_than_1_MiB_is_not_read() =>
        Assert.StartsWith("1:1 The file is larger than 1 MiB", Assert.Single(Mistakes(new byte[(1 << 20) + 1])), StringComparison.Ordinal);

    [Fact]
    public void A_bomb_of_brackets_is_bounded() =>
        Assert.Contains("more than 32 levels deep", Assert.Single(Mistakes(Encoding.UTF8.GetBytes(new string('[', 1_000_000)))), StringComparison.Ordinal);

    [Fact]
    public void A_flood_of_mistakes_is_cut()
    {
        var fields = "kind: Tenant\n" + string.Concat(Enumerable.Range(0, 20_000).Select(i => $"field{i}: 1\n"));
        var mistakes = Mistakes(Encoding.UTF8.GetBytes(fields));
        Assert.Equal(101, mistakes.Length);
        Assert.Contains(mistakes, mistake => mistake.Contains("more mistakes, which are not listed", StringComparison.Ordinal));
    }

    [Fact]
    public void A_missing_path_and_a_folder_without_manifests_are_told()
    {
        var load = SiteLoader.Load([_folder.FullName, Path.Combine(_folder.FullName, "nowhere")]);
        Assert.Equal(2, load.Mistakes.Count);
        Assert.Equal("0 files, 0 objects, 2 mistakes", load.Summary);
    }

    /// <summary>The samples with bytes changed, removed, doubled or put in: whatever comes out, it is an answer.</summary>
    [Fact]
    public void Mutated_manifests_never_crash()
    {
        var samples = Directory.GetFiles(Path.Combine(Repository.Root, "samples"), "*.yaml", SearchOption.AllDirectories).Select(File.ReadAllText).ToArray();
        string[] fragments =
        [
            " ", "\t", "\n", ":", "-", "#", "&", "*", "!", "|", ">", "'", "\"", "%", "@", "`", "{", "}", "[", "]", ",", "?", "<", "~", "0", "Z", "é", "\u2028",
            "---\n", "...\n", "- ", ": ", "<<: ", "{{", "!!int ", "&a ", "*a", "\\u12", "\ud800", "1e999", ".inf", "null", "99999999999999999999", "kind: Channel\n",
        ];
        var fragment = Gen.Int[0, fragments.Length - 1].Select(i => fragments[i]);
        var mutation = Gen.Select(Gen.Int[0, 4_000], Gen.Int[0, 12], fragment);
        Gen.Select(Gen.Int[0, samples.Length - 1], mutation.Array[1, 6]).Sample(
            (sample, mutations) =>
            {
                var text = new StringBuilder(samples[sample]);
                foreach (var (at, removed, put) in mutations)
                {
                    var from = at % (text.Length + 1);
                    text.Remove(from, Math.Min(removed, text.Length - from)).Insert(from, put);
                }
                var load = SiteLoader.Load([new ManifestFile("/nowhere/mutated.yaml", text.ToString())]);
                Assert.Equal(load.Site is null, load.Mistakes.Count > 0);
                Assert.All(load.Mistakes, mistake => Assert.True(mistake.Place is { Line: > 0, Column: > 0 } && !mistake.Message.Any(char.IsControl), mistake.ToString()));
            },
            iter: 2_000);
    }

    private string[] Mistakes(byte[] bytes)
    {
        var path = Path.Combine(_folder.FullName, "file.yaml");
        File.WriteAllBytes(path, bytes);
        return [.. SiteLoader.Load([path]).Mistakes.Select(mistake => $"{mistake.Place.Line}:{mistake.Place.Column} {mistake.Message}")];
    }
}

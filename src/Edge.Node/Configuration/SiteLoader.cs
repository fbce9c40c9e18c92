using Edge.Node.Configuration.Checks;
using Edge.Node.Configuration.Files;
using Edge.Node.Configuration.Manifests;
using Edge.Node.Configuration.Yaml;

namespace Edge.Node.Configuration;

/// <summary>
/// Loads manifests: finds and reads the files, then text → located YAML → manifest objects → checks between them → the site. All steps but reading files are pure; each adds to
/// one list of findings, so that a person sees all mistakes of all files at once. A mistake is never an exception.
/// </summary>
public static class SiteLoader
{
    /// <summary>Loads files and folders. With none, the site is the tenant <c>default</c> alone.</summary>
    public static SiteLoad Load(IEnumerable<string> paths)
    {
        var findings = new Findings();
        var files = new ManifestFiles(findings);
        var reader = new ManifestReader(findings);
        foreach (var file in files.Read(paths)) Read(file, reader, findings);
        return Finish(reader, files.Count, findings);
    }

    /// <summary>Loads texts that are in memory; module paths are relative to the folder of each <see cref="ManifestFile.Path"/>.</summary>
    internal static SiteLoad Load(IReadOnlyList<ManifestFile> files)
    {
        var findings = new Findings();
        var reader = new ManifestReader(findings);
        foreach (var file in files) Read(file, reader, findings);
        return Finish(reader, files.Count, findings);
    }

    /// <summary>Reads a file's documents.</summary>
    internal static void Read(ManifestFile file, ManifestReader reader, Findings findings)
    {
        var (before, mistakes) = (reader.Count, findings.Count);
        foreach (var document in YamlDocuments.Read(file.Path, file.Text, findings)) reader.Add(document);
        if (reader.Count == before && findings.Count == mistakes)
            findings.Add(Place.Of(file.Path), "The file holds no manifest: it is empty or has comments only. Write one, or remove the file from the folder.");
    }

    private static SiteLoad Finish(ManifestReader reader, int files, Findings findings)
    {
        var site = reader.Site;
        var modules = site.Modules.Where(module => module.Spec.File is not null)
            .ToDictionary(module => module, module => ModuleFiles.Look(module.Node.Place.File, module.Spec.File!));
        SiteChecks.RunAll(site, modules, findings);
        var mistakes = findings.Sorted();
        return new SiteLoad(mistakes.Count == 0 ? SiteSpecs.Of(site, module => modules[module].Path) : null, mistakes, files, reader.Count);
    }
}

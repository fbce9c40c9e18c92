namespace Edge.Wasm.Modules;

/// <summary>What came of loading a module's bytes.</summary>
public abstract record ModuleLoad
{
    /// <summary>The module can make instances.</summary>
    /// <param name="Module">Owned by the caller.</param>
    /// <param name="FromCache">Whether the compiled form was found in the cache and trusted.</param>
    public sealed record Loaded(CompiledModule Module, bool FromCache) : ModuleLoad;

    /// <summary>The bytes are no module of ABI 1; each reason names the thing, what is allowed and what to do.</summary>
    public sealed record Rejected(IReadOnlyList<string> Reasons) : ModuleLoad
    {
        /// <summary>All reasons in words, one a line, under the name of <paramref name="file"/>.</summary>
        public string Describe(string file) => string.Join(Environment.NewLine, [$"'{file}' is no module of ABI 1:", .. Reasons.Select(reason => $"  {reason}")]);
    }
}

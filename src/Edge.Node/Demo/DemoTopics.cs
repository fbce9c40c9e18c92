namespace Edge.Node.Demo;

/// <summary>The topics of samples/demo, as its README lists them.</summary>
internal static class DemoTopics
{
    /// <summary>The raw signal, in.</summary>
    public const string Signal = "demo/ecg";

    /// <summary>The module's port <c>filtered</c>.</summary>
    public const string Filtered = "demo/ecg/filtered";

    /// <summary>The module's port <c>beats</c>.</summary>
    public const string Beats = "demo/ecg/beats";

    /// <summary>The module's port <c>rhythm</c>.</summary>
    public const string Rhythm = "demo/ecg/rhythm";
}

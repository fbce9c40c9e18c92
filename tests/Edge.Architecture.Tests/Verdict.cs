namespace Edge.Architecture.Tests;

/// <summary>Fails with every offence at once, each as <c>path:line what is wrong. Remedy.</c></summary>
internal static class Verdict
{
    public static void None(IEnumerable<string> offences)
    {
        string[] all = [.. offences];
        Assert.True(all.Length == 0, $"{all.Length} offence(s):\n{string.Join('\n', all)}");
    }
}

using System.Diagnostics;

namespace Edge.Node.Tests.Hosting;

/// <summary>Whether a process may have mounts of its own here; containers often forbid it.</summary>
internal static class MountNamespace
{
    public static async Task NeedAsync()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/unshare"), "unshare is not installed: apt-get install util-linux.");
        using var attempt = Process.Start(new ProcessStartInfo("unshare", ["-rm", "mount", "-t", "tmpfs", "tmpfs", Path.GetTempPath()]) { RedirectStandardError = true })!;
        await attempt.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.SkipUnless(attempt.ExitCode == 0, "A mount namespace of one's own is not allowed here (unshare -rm).");
    }
}

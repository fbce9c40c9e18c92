using System.Net;
using System.Net.Sockets;
using Edge.Node.Diagnosis;
using Edge.Node.Storage;
using Edge.Node.Tests.Storage;

namespace Edge.Node.Tests.Diagnosis;

public sealed class DoctorTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("5.4", Verdict.Failed), InlineData("5.6", Verdict.Ok), InlineData("6.12", Verdict.Ok)]
    public void A_kernel_without_openat2_fails(string kernel, Verdict verdict) => Assert.Equal(verdict, Only(new KernelCheck(Version.Parse(kernel))).Verdict);

    [Theory]
    [InlineData(1000, Verdict.Warning), InlineData(65530, Verdict.Ok)]
    public void Few_memory_maps_are_a_warning_with_the_command_that_helps(int maps, Verdict verdict)
    {
        Put("proc/sys/vm/max_map_count", $"{maps}\n");
        var finding = Only(new MapCountCheck(_folder.Path));
        Assert.Equal(verdict, finding.Verdict);
        Assert.Equal(verdict == Verdict.Warning, finding.Remedy?.Contains("sysctl -w vm.max_map_count", StringComparison.Ordinal) ?? false);
    }

    [Theory]
    [InlineData(256, Verdict.Failed), InlineData(1024, Verdict.Warning), InlineData(524288, Verdict.Ok)]
    public void The_limit_of_open_files_is_judged(int files, Verdict verdict)
    {
        Put("proc/self/limits", $"Limit                     Soft Limit           Hard Limit           Units     \nMax open files            256                  {files,-20} files     \n");
        Assert.Equal(verdict, Only(new OpenFilesCheck(_folder.Path)).Verdict);
    }

    [Fact]
    public void The_lowest_memory_limit_on_the_way_up_counts()
    {
        Put("proc/self/cgroup", "0::/system.slice/edge.service\n");
        Put("sys/fs/cgroup/system.slice/edge.service/memory.max", "max\n");
        Put("sys/fs/cgroup/system.slice/memory.max", $"{200 << 20}\n");
        var finding = Only(new MemoryLimitCheck(_folder.Path));
        Assert.Equal(Verdict.Warning, finding.Verdict);
        Assert.Contains("200 MiB", finding.Found, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/run/edge", Verdict.Failed, "tmpfs"), InlineData("/var/lib/edge", Verdict.Ok, "ext4"), InlineData("/ro/edge", Verdict.Warning, "overlay"), InlineData("/running", Verdict.Ok, "ext4")]
    public void A_data_folder_that_does_not_outlive_a_restart_is_found(string folder, Verdict verdict, string type)
    {
        Put("proc/self/mountinfo", "1 0 8:1 / / rw - ext4 /dev/sda1 rw\n2 1 0:2 / /run rw,nosuid shared:1 - tmpfs tmpfs rw\n3 1 0:3 / /ro rw - overlay overlay rw\n");
        var finding = Only(new FileSystemCheck(folder, _folder.Path));
        Assert.Equal(verdict, finding.Verdict);
        Assert.Contains(type, finding.Found, StringComparison.Ordinal);
    }

    [Fact]
    public void A_clock_that_was_never_set_fails()
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(new DateTimeOffset(1970, 1, 1, 0, 5, 0, TimeSpan.Zero));
        Assert.Contains("it is not set", new ClockCheck(clock).Look().First().Found, StringComparison.Ordinal);
    }

    [Fact]
    public void A_port_in_use_is_named_with_the_way_to_find_its_owner()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var endPoint = (IPEndPoint)listener.LocalEndPoint!;
        var finding = Only(new PortCheck("MQTT", endPoint, "--mqtt", nodeIsRunning: false));
        Assert.Equal(Verdict.Failed, finding.Verdict);
        Assert.Contains($"sport = :{endPoint.Port}", finding.Remedy, StringComparison.Ordinal);
        Assert.Equal(Verdict.Ok, Only(new PortCheck("MQTT", endPoint, "--mqtt", nodeIsRunning: true)).Verdict);
    }

    [Fact]
    public void Slow_syncs_and_little_room_are_judged()
    {
        Assert.Equal(Verdict.Ok, SyncLatencyCheck.Judge(TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(40)).Verdict);
        Assert.Equal(Verdict.Warning, SyncLatencyCheck.Judge(TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(900)).Verdict);
        Assert.Equal(Verdict.Failed, DataFolderCheck.RoomFinding(new DiskRoom(1 << 20, 1L << 30)).Verdict);
        Assert.Equal(Verdict.Warning, DataFolderCheck.RoomFinding(new DiskRoom(100 << 20, 1L << 30)).Verdict);
    }

    [Fact]
    public async Task Damage_in_the_intake_log_is_found_and_nothing_is_changed()
    {
        using (var data = DataFolder.Open(_folder["data"]))
        using (var log = Logs.Open(Logs.Small(data.IntakeFolder)))
            await Logs.AppendAsync(log, 100);
        Assert.Equal(Verdict.Ok, Damage().Verdict);
        var segment = Directory.GetFiles(_folder["data/intake"], "*.segment").Single();
        var bytes = File.ReadAllBytes(segment);
        bytes[3000] ^= 1;
        File.WriteAllBytes(segment, bytes);
        var finding = Damage();
        Assert.Equal(Verdict.Failed, finding.Verdict);
        Assert.Contains("are lost; everything else can be read", finding.Found, StringComparison.Ordinal);
        Assert.Equal(bytes, File.ReadAllBytes(segment));
        Assert.False(Directory.Exists(_folder["data/intake/quarantine"]));

        Finding Damage() => new DamageCheck(_folder["data"], TimeProvider.System).Look().Single(finding => finding.Check == "intake log");
    }

    [Fact]
    public void A_data_folder_is_judged_by_what_is_in_it()
    {
        Assert.Contains("edge up makes it", Data().Found, StringComparison.Ordinal);
        using (DataFolder.Open(_folder["data"]))
            Assert.Contains($"in use by process {Environment.ProcessId}", Data().Found, StringComparison.Ordinal);
        Assert.Equal(Verdict.Ok, Data().Verdict);
        File.WriteAllText(_folder["data/edge.version"], "7");
        Assert.Equal(Verdict.Failed, Data().Verdict);

        Finding Data() => new DataFolderCheck(_folder["data"]).Look().First();
    }

    [Fact]
    public void A_check_that_cannot_look_is_a_finding_and_the_others_go_on()
    {
        var findings = Doctor.Examine([new MapCountCheck(_folder["nothing-here"]), new KernelCheck(new Version(6, 1))]);
        Assert.Equal([Verdict.Failed, Verdict.Ok], findings.Select(finding => finding.Verdict));
    }

    private static Finding Only(ICheck check) => Assert.Single(check.Look());

    private void Put(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[path])!);
        File.WriteAllText(_folder[path], text);
    }
}

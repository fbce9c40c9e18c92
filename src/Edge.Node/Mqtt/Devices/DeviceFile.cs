namespace Edge.Node.Mqtt.Devices;

/// <summary>
/// The devices that may sign in, one a line, <c>#</c> for comments: <c>DATA/devices</c>, readable by its owner only. Written by <c>edge device</c> as a whole and
/// by rename, so a reader never sees half of it.
/// </summary>
/// <param name="path">Full path of the file.</param>
internal sealed class DeviceFile(string path)
{
    /// <summary>Its name in the data folder.</summary>
    public const string Name = "devices";

    /// <summary>Full path of the file.</summary>
    public string Path => path;

    /// <summary>Tells two contents apart without reading them; null when there is no file.</summary>
    public (DateTime Written, long Length)? Stamp
    {
        get
        {
            var file = new FileInfo(path);
            return file.Exists ? (file.LastWriteTimeUtc, file.Length) : null;
        }
    }

    /// <summary>Reads all devices; no file: none. Lines that are no devices are named in <paramref name="mistakes"/> and left out.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public IReadOnlyList<Device> Read(out IReadOnlyList<string> mistakes)
    {
        var found = new Dictionary<string, Device>(StringComparer.Ordinal);
        var wrong = new List<string>();
        foreach (var (index, line) in (File.Exists(path) ? File.ReadAllLines(path) : []).Index())
        {
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            if (Device.TryParse(line) is not { } device)
            {
                wrong.Add($"{path}:{index + 1} is no device. Allowed: name:tenant:pbkdf2-sha256$iterations$salt$hash. Remove the line, and add the device with 'edge device add'.");
            }
            else if (!found.TryAdd(device.Name, device))
            {
                wrong.Add($"{path}:{index + 1} names device '{device.Name}' a second time. The first line counts; remove this one.");
            }
        }

        mistakes = wrong;
        return [.. found.Values];
    }

    /// <summary>Replaces the file's content.</summary>
    /// <exception cref="IOException">The file cannot be written; the old content stands.</exception>
    public void Write(IEnumerable<Device> devices)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        var next = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            using (var stream = new FileStream(next, OwnerOnly()))
            using (var writer = new StreamWriter(stream))
            {
                foreach (var device in devices)
                {
                    writer.WriteLine(device);
                }

                writer.Flush();
                stream.Flush(flushToDisk: true);
            }

            File.Move(next, path, overwrite: true);
        }
        finally
        {
            File.Delete(next);
        }
    }

    private static FileStreamOptions OwnerOnly()
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }
}

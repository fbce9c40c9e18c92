using System.CommandLine;
using System.Text;
using Edge.Messages.Tenants;
using Edge.Node.Mqtt.Devices;

namespace Edge.Node.Cli;

/// <summary>
/// <c>edge device add|passwd|rm|ls</c>: who may sign in to the MQTT broker. Works on the device file of the data folder, with the node running or not; a running node
/// reads it again at the next sign-in. A device that is connected stays so until it signs in again.
/// </summary>
internal static class DeviceCommand
{
    private const int MinPasswordLength = 8;

    public static Command Create() => new("device", "Devices that may sign in to the MQTT broker.") { Add(), Passwd(), Rm(), Ls() };

    private static Command Add()
    {
        var name = Name();
        var tenant = new Option<string>("--tenant") { Description = "Whose topics it sees.", HelpName = "T", DefaultValueFactory = _ => TenantName.Default.Value };
        var fromInput = FromInput();
        var data = SharedOptions.Data();
        var command = new Command("add", "Add a device, and print its password: it is stored nowhere else.") { name, tenant, fromInput, data };
        command.SetAction(parsed => Change(parsed.GetRequiredValue(data), parsed.GetRequiredValue(name), (devices, device) =>
        {
            var of = parsed.GetRequiredValue(tenant);
            return device is not null ? Failure($"There is a device '{device.Name}' of tenant '{device.Tenant}' already. Device names are unique. Choose another, or 'edge device passwd {device.Name}' for a new password.")
                : !Device.IsTenant(of) ? Failure($"'{of}' is no tenant's name. Allowed: 1 to 63 lower-case letters, digits and '-'.")
                : SetPassword(devices, parsed.GetRequiredValue(name), new TenantName(of), parsed.GetValue(fromInput));
        }));
        return command;
    }

    private static Command Passwd()
    {
        var name = Name();
        var fromInput = FromInput();
        var data = SharedOptions.Data();
        var command = new Command("passwd", "Give a device a new password, and print it.") { name, fromInput, data };
        command.SetAction(parsed => Change(parsed.GetRequiredValue(data), parsed.GetRequiredValue(name), (devices, device) =>
            device is null ? NoSuchDevice(devices, parsed.GetRequiredValue(name)) : SetPassword(devices, device.Name, device.Tenant, parsed.GetValue(fromInput))));
        return command;
    }

    private static Command Rm()
    {
        var name = Name();
        var data = SharedOptions.Data();
        var command = new Command("rm", "Remove a device: it cannot sign in again.") { name, data };
        command.SetAction(parsed => Change(parsed.GetRequiredValue(data), parsed.GetRequiredValue(name), (devices, device) =>
        {
            if (device is null)
            {
                return NoSuchDevice(devices, parsed.GetRequiredValue(name));
            }

            devices.Remove(device);
            return EdgeCli.Done;
        }));
        return command;
    }

    private static Command Ls()
    {
        var data = SharedOptions.Data();
        var command = new Command("ls", "List the devices.") { data };
        command.SetAction(parsed => Guard(() =>
        {
            foreach (var device in Read(FileIn(parsed.GetRequiredValue(data))).OrderBy(device => device.Name, StringComparer.Ordinal))
            {
                Console.WriteLine($"{device.Name,-32} {device.Tenant}");
            }

            return EdgeCli.Done;
        }));
        return command;
    }

    private static int Change(DirectoryInfo data, string name, Func<List<Device>, Device?, int> change) => Guard(() =>
    {
        if (!Device.IsName(name))
        {
            return Failure($"'{name}' is no device name. Allowed: 1 to 64 letters, digits, '.', '_', '-' and '@'.");
        }

        var file = FileIn(data);
        var devices = Read(file);
        var exitCode = change(devices, devices.Find(device => device.Name == name));
        if (exitCode == EdgeCli.Done)
        {
            file.Write(devices);
        }

        return exitCode;
    });

    private static int SetPassword(List<Device> devices, string name, TenantName tenant, bool fromInput)
    {
        var password = fromInput ? Console.ReadLine() ?? "" : PasswordHash.NewPassword();
        if (password.Length < MinPasswordLength)
        {
            return Failure($"The password has {password.Length} characters. Allowed: {MinPasswordLength} or more. Leave --password-stdin out to get a good one.");
        }

        devices.RemoveAll(device => device.Name == name);
        devices.Add(new(name, tenant, PasswordHash.Of(Encoding.UTF8.GetBytes(password))));
        Console.WriteLine(fromInput ? $"device {name}  tenant {tenant}" : $"device {name}  tenant {tenant}  password {password}");
        return EdgeCli.Done;
    }

    // A line that is no device stops every change: writing the file anew would lose it.
    private static List<Device> Read(DeviceFile file)
    {
        var devices = file.Read(out var mistakes);
        return mistakes.Count == 0 ? [.. devices] : throw new IOException(string.Join(Environment.NewLine, mistakes));
    }

    private static int NoSuchDevice(List<Device> devices, string name) =>
        Failure($"There is no device '{name}'. Devices: {(devices.Count == 0 ? "none" : string.Join(", ", devices.Select(device => device.Name).Order(StringComparer.Ordinal).Take(20)))}.");

    private static int Guard(Func<int> action)
    {
        try
        {
            return action();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return Failure(failure.Message);
        }
    }

    private static int Failure(string message)
    {
        Console.Error.WriteLine(message);
        return EdgeCli.Failed;
    }

    private static DeviceFile FileIn(DirectoryInfo data) => new(Path.Combine(data.FullName, DeviceFile.Name));

    private static Argument<string> Name() => new("NAME") { Description = "The device's user name." };

    private static Option<bool> FromInput() => new("--password-stdin") { Description = "Read the password from standard input instead of making one." };
}

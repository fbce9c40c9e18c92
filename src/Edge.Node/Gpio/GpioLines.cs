using System.Device.Gpio;
using System.Device.Gpio.Drivers;
using System.Globalization;
using Edge.Wasm.Capabilities;

namespace Edge.Node.Gpio;

/// <summary>
/// The GPIO lines of this machine: chips <c>gpiochipN</c> by the kernel's character device (libgpiod must be installed), chips <c>virtualN</c> in memory for machines without lines. A chip is opened
/// when it is first asked, a line when it is first read or driven, and both stay open until this is disposed; the kernel then lets the lines go. Any thread; one chip at a time does one thing.
/// </summary>
/// <remarks>A chip that cannot be opened stays closed until the node starts again: hardware does not come and go, and a guest that asks each millisecond must cost nothing.</remarks>
internal sealed partial class GpioLines(ILogger<GpioLines> log) : IGpioLines, IDisposable
{
    private const string KernelPrefix = "gpiochip";
    private const string VirtualPrefix = "virtual";

    private readonly Lock _gate = new();
    private readonly Dictionary<string, GpioChip?> _chips = new(StringComparer.Ordinal);
    private readonly Dictionary<string, VirtualChip> _virtual = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public bool? Read(string chip, int line) => Chip(chip)?.Read(line);

    /// <inheritdoc/>
    public bool Write(string chip, int line, bool high) => Chip(chip)?.Write(line, high) ?? false;

    /// <summary>The virtual chip <c>virtualN</c>, to look at its lines and to drive its inputs.</summary>
    /// <exception cref="ArgumentException">The name is no virtual chip's.</exception>
    public VirtualChip Virtual(string chip)
    {
        lock (_gate)
        {
            if (_virtual.TryGetValue(chip, out var known)) return known;
            if (NumberOf(chip, VirtualPrefix) is null) throw new ArgumentException($"'{chip}' is no virtual chip; their names are {VirtualPrefix}0, {VirtualPrefix}1 and so on.", nameof(chip));
            return _virtual[chip] = new VirtualChip();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var chip in _chips.Values) chip?.Dispose();
            _chips.Clear();
        }
    }

    private GpioChip? Chip(string name)
    {
        lock (_gate)
        {
            if (_chips.TryGetValue(name, out var known)) return known;
            return _chips[name] = DriverOf(name) is { } driver ? new GpioChip(name, new GpioController(driver), log) : null;
        }
    }

    private GpioDriver? DriverOf(string name)
    {
        if (NumberOf(name, VirtualPrefix) is not null) return Virtual(name);
        if (NumberOf(name, KernelPrefix) is { } number) return OpenKernelChip(name, number);
        UnknownChip(log, name);
        return null;
    }

    private LibGpiodDriver? OpenKernelChip(string name, int number)
    {
        try
        {
            return new LibGpiodDriver(number);
        }
        catch (Exception failure) when (failure is PlatformNotSupportedException or DllNotFoundException or IOException or UnauthorizedAccessException or TypeInitializationException or InvalidOperationException)
        {
            ChipClosed(log, name, failure.Message);
            return null;
        }
    }

    private static int? NumberOf(string name, string prefix) =>
        name.StartsWith(prefix, StringComparison.Ordinal) && int.TryParse(name.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    [LoggerMessage(7050, LogLevel.Warning, "GPIO chip {Chip} cannot be opened: {Reason} Lines on it do not answer. Check that it is there (gpiodetect), that libgpiod is installed and that this user may open /dev/{Chip}")]
    private static partial void ChipClosed(ILogger log, string chip, string reason);

    [LoggerMessage(7051, LogLevel.Warning, "GPIO chip {Chip} is not known; chips are named gpiochip0 or virtual0 and so on. Lines on it do not answer")]
    private static partial void UnknownChip(ILogger log, string chip);
}

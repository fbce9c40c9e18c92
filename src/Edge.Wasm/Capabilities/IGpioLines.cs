namespace Edge.Wasm.Capabilities;

/// <summary>
/// The GPIO lines of this machine, asked by guests through <c>gpio_read</c> and written when a call with <c>gpio_write</c> succeeded.
/// The node implements it over System.Device.Gpio (a real chip, or a virtual one for machines without lines).
/// </summary>
public interface IGpioLines
{
    /// <summary>Reads a line. Null when the chip or line does not exist or does not answer.</summary>
    bool? Read(string chip, int line);

    /// <summary>Drives a line as output. False when the chip or line does not exist or does not answer.</summary>
    bool Write(string chip, int line, bool high);
}

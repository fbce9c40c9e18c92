using Edge.Wasm.Capabilities;
using Edge.Wasm.HostFunctions;
using Edge.Wasm.Tests.Scripts;

namespace Edge.Wasm.Tests.HostFunctions;

public sealed class GpioFunctionTests
{
    [Fact]
    public void A_line_is_its_index_among_the_grants_in_their_order()
    {
        using var host = new ScriptHost("log", "gpio:virtual0/17:in", "random", "gpio:virtual0/4:out");
        host.Options = host.Options with { Gpio = new OneChip(high: 17) };
        var result = host.Run(new Script().Call("gpio_read", 0).Call("gpio_read", 1).Call("gpio_write", 1, 1).Call("gpio_read", 1));
        Assert.Equal([1, 0, 0, 1], result.Results);
        var write = Assert.Single(host.Instance.Effects.GpioWrites);
        Assert.Equal((1, true), (write.Line, write.High));
        Assert.Empty(host.Denials);
    }

    [Fact]
    public void What_is_outside_the_grants_is_refused_and_counted()
    {
        using var host = new ScriptHost("gpio:virtual0/17:in");
        host.Options = host.Options with { Gpio = new OneChip(high: 17) };
        var result = host.Run(new Script().Call("gpio_write", 0, 1).Call("gpio_read", 1).Call("gpio_read", -1).Call("gpio_write", 9, 1).Call("gpio_write", 0, 2));
        Assert.Equal([EdgeError.Denied, EdgeError.NotFound, EdgeError.NotFound, EdgeError.NotFound, EdgeError.Invalid], result.Results);
        Assert.Equal(["gpio", "gpio", "gpio", "gpio"], host.Denials);
        Assert.Empty(host.Instance.Effects.GpioWrites);
    }

    [Fact]
    public void A_line_that_does_not_answer_is_an_input_output_error()
    {
        using var host = new ScriptHost("gpio:gpiochip9/1:in");
        Assert.Equal([EdgeError.InputOutput], host.Run(new Script().Call("gpio_read", 0)).Results);
        host.EndInstance();
        host.Options = host.Options with { Gpio = new OneChip(high: 1) };
        Assert.Equal([EdgeError.InputOutput], host.Run(new Script().Call("gpio_read", 0)).Results);
    }

    private sealed class OneChip(int high) : IGpioLines
    {
        public bool? Read(string chip, int line) => chip == "virtual0" ? line == high : null;

        public bool Write(string chip, int line, bool value) => chip == "virtual0";
    }
}

using Edge.Wasm.Instances;

namespace Edge.Wasm.Wasi;

/// <summary>
/// Reads or writes a stream of the host that may block (a terminal, a pipe) for no longer than the call's deadline. Past it the call ends, and what the stream still does
/// touches no memory of the guest.
/// </summary>
internal static class BoundedStream
{
    public static Errno Run(GuestContext guest, string function, Func<int> transfer, out int count)
    {
        count = 0;
        try
        {
            count = Task.Run(transfer).WaitAsync(guest.Remaining, guest.Time).GetAwaiter().GetResult();
            return Errno.Success;
        }
        catch (TimeoutException)
        {
            guest.Expire(function);
            return Errno.Intr;
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException or UnauthorizedAccessException)
        {
            return Errno.Io;
        }
    }
}

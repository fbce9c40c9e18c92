namespace Edge.Wasm.Wasi;

/// <summary>The error numbers of WASI preview 1 that this host returns; the names are those of its specification.</summary>
internal enum Errno
{
    Success = 0,
    TooBig = 1,
    Acces = 2,
    Again = 6,
    Badf = 8,
    Busy = 10,
    Dquot = 19,
    Exist = 20,
    Fault = 21,
    Fbig = 22,
    Ilseq = 25,
    Intr = 27,
    Inval = 28,
    Io = 29,
    Isdir = 31,
    Loop = 32,
    Mfile = 33,
    Mlink = 34,
    Nametoolong = 37,
    Nfile = 41,
    Nodev = 43,
    Noent = 44,
    Nomem = 48,
    Nospc = 51,
    Nosys = 52,
    Notdir = 54,
    Notempty = 55,
    Notsup = 58,
    Nxio = 60,
    Overflow = 61,
    Perm = 63,
    Pipe = 64,
    Rofs = 69,
    Spipe = 70,
    Txtbsy = 74,
    Xdev = 75,
    Notcapable = 76,
}

/// <summary>Linux's error numbers (asm-generic, the same on x64 and arm64) as WASI's.</summary>
internal static class LinuxErrno
{
    public const int Eintr = 4;
    public const int Eagain = 11;
    public const int Exdev = 18;

    public static Errno ToWasi(int error) => error switch
    {
        1 => Errno.Perm,
        2 => Errno.Noent,
        4 => Errno.Intr,
        5 => Errno.Io,
        6 => Errno.Nxio,
        7 => Errno.TooBig,
        9 => Errno.Badf,
        11 => Errno.Again,
        12 => Errno.Nomem,
        13 => Errno.Acces,
        16 => Errno.Busy,
        17 => Errno.Exist,
        18 => Errno.Xdev,
        19 => Errno.Nodev,
        20 => Errno.Notdir,
        21 => Errno.Isdir,
        22 => Errno.Inval,
        23 => Errno.Nfile,
        24 => Errno.Mfile,
        26 => Errno.Txtbsy,
        27 => Errno.Fbig,
        28 => Errno.Nospc,
        29 => Errno.Spipe,
        30 => Errno.Rofs,
        31 => Errno.Mlink,
        32 => Errno.Pipe,
        36 => Errno.Nametoolong,
        38 => Errno.Nosys,
        39 => Errno.Notempty,
        40 => Errno.Loop,
        75 => Errno.Overflow,
        95 => Errno.Notsup,
        122 => Errno.Dquot,
        _ => Errno.Io,
    };
}

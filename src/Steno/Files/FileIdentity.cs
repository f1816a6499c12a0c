namespace Steno.Files;

/// <summary>Which file it is, by whatever name it is reached: equal for all names of one file.</summary>
/// <param name="Device">The device that holds it.</param>
/// <param name="Number">Its number there.</param>
/// <param name="Path">Its full path where the system gives no numbers; else null.</param>
internal readonly record struct FileIdentity(ulong Device, ulong Number, string? Path = null);

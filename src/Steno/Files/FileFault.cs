namespace Steno.Files;

/// <summary>Says in a few words why a file cannot be read or written.</summary>
internal static class FileFault
{
    /// <summary>What is wrong with a file that does not exist.</summary>
    public const string Missing = "there is no such file";

    /// <summary>What is wrong with a path such as <c>/dev/fd/3</c> when the process was started without that.</summary>
    public const string NotOpen = "nothing was handed in under this number";

    /// <summary>The reason alone: whoever tells it says which file it is.</summary>
    public static string ReasonOf(Exception fault) => fault switch
    {
        FileNotFoundException or DirectoryNotFoundException => Missing,
        UnauthorizedAccessException => "permission denied",
        PathTooLongException => "the name is too long",
        _ => WithoutPath(fault.Message),
    };

    /// <summary>Whether an exception is one of those that files cause.</summary>
    public static bool Is(Exception exception) => exception is IOException or UnauthorizedAccessException or NotSupportedException || exception.GetType() == typeof(ArgumentException);

    // The framework writes "No space left on device : '/full/path'".
    private static string WithoutPath(string message)
    {
        int start = message.EndsWith('\'') ? message.LastIndexOf(" : '", StringComparison.Ordinal) : -1;
        return start > 0 ? message[..start] : message;
    }
}

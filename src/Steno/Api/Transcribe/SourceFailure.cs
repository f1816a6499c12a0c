using Steno.Files;

namespace Steno;

/// <summary>What went wrong with one recording of several.</summary>
/// <param name="Fault">Of what kind it is.</param>
/// <param name="Message">One line, which begins with the name of the recording.</param>
/// <param name="Cause">The exception behind it; null where it was foreseen.</param>
internal sealed record SourceFailure(SourceFault Fault, string Message, Exception? Cause = null)
{
    /// <summary>What an exception says of a recording; null when it is about something else, such as a call that was cancelled or wrong.</summary>
    public static SourceFailure? Of(AudioSource source, Exception exception) => exception switch
    {
        OutputException => new(SourceFault.Output, Naming(source, "the text is lost: " + exception.Message), exception),
        AudioFormatException => new(SourceFault.Audio, Naming(source, exception.Message), exception),
        IOException or UnauthorizedAccessException => new(SourceFault.Audio, Naming(source, FileFault.ReasonOf(exception)), exception),
        CacheMemoryException => new(SourceFault.CacheMemory, Naming(source, exception.Message), exception),
        ModelFormatException => new(SourceFault.Model, Naming(source, exception.Message), exception),
        OutOfMemoryException => new(SourceFault.Memory, Naming(source, "there is not enough memory for this model and audio"), exception),
        _ => null,
    };

    /// <summary>What is wrong with a path that stands for something open, such as standard input, where nothing is; null for all others.</summary>
    public static SourceFailure? OfClosed(string path)
    {
        if (path.Length == 0 || FileLinks.DescriptorNumber(path) is not { } number || FileDescriptor.IsHandedIn(number)) return null;
        return new SourceFailure(SourceFault.Audio, number == 0 ? $"{path}: standard input is closed" : $"{path}: {FileFault.NotOpen}");
    }

    /// <summary>What is wrong with a path that should lead to a recording; null when it leads to a file.</summary>
    public static SourceFailure? OfMissing(string path)
    {
        if (File.Exists(path)) return null;
        return FileNames.IsLost(path)
            ? new SourceFailure(SourceFault.LostName, $"{path}: {FileNames.Problem}: rename it")
            : new SourceFailure(SourceFault.Audio, $"{path}: {FileFault.Missing}");
    }

    /// <summary>A message that begins with the name of a recording.</summary>
    public static string Naming(AudioSource source, string message) =>
        message.StartsWith(source.Name + ":", StringComparison.Ordinal) ? message : source.Name + ": " + message;
}

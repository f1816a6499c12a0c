using Steno.Audio;
using Steno.Audio.Containers;

namespace Steno.Tests.Audio.Containers;

/// <summary>Follows bytes with the walk of their container, in pieces of several sizes.</summary>
internal static class Walks
{
    public static void Follow(byte[] bytes)
    {
        foreach (int piece in (int[])[7, 4096, bytes.Length])
        {
            ContainerWalk walk = ContainerWalk.Create(AudioFileSignature.FindInFile(bytes)!, TimeSpan.FromHours(1), message => new AudioFormatException(message))!;
            for (int position = 0; position < bytes.Length; position += piece) walk.Push(bytes.AsSpan(position, Math.Min(piece, bytes.Length - position)));
            walk.End();
        }
    }

    /// <summary>The message of the damage that is found.</summary>
    public static string Fault(byte[] bytes) => Assert.Throws<AudioFormatException>(() => Follow(bytes)).Message;
}

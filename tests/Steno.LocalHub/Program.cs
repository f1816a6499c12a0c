using Steno.Tests.Support;

namespace Steno.LocalHub;

/// <summary>A model hub on this machine: <c>local-hub DIRECTORY OWNER/REPOSITORY</c> writes its address, then serves until it is killed.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        if (arguments is not [var directory, var repository] || !Directory.Exists(directory))
        {
            await Console.Error.WriteLineAsync("local-hub: expected the directory of a model and OWNER/REPOSITORY, the name to serve it by");
            return 2;
        }

        await using var server = new HubServer();
        server.Add(repository).AddDirectory(directory);
        Console.WriteLine(server.Endpoint);
        await Task.Delay(Timeout.Infinite);
        return 0;
    }
}

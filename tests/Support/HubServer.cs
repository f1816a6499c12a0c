using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Steno.Tests.Support;

/// <summary>A model hub on the loopback, with its store for large files under another host name; a test may take over any answer.</summary>
internal sealed class HubServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, int> _counts = new();
    private readonly Dictionary<string, HubRepository> _repositories = new(StringComparer.Ordinal);
    private readonly Task _accepting;

    public HubServer()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Where the API is.</summary>
    public Uri Endpoint => new($"http://127.0.0.1:{Port}/");

    /// <summary>Where large files are: another host for a client.</summary>
    public Uri LargeFileHost => new($"http://localhost:{Port}/");

    public ConcurrentQueue<HubRequest> Requests { get; } = new();

    /// <summary>Answers in place of the hub; null to let it answer.</summary>
    public Func<HubRequest, HubAnswer?> Intercept { get; set; } = _ => null;

    /// <summary>Changes what the hub answers with files.</summary>
    public Func<HubRequest, HubAnswer, HubAnswer> Distort { get; set; } = (_, answer) => answer;

    public HubRepository Add(string name)
    {
        var repository = new HubRepository(name);
        _repositories[name] = repository;
        return repository;
    }

    /// <summary>The part of a content that a request asks for.</summary>
    public static HubAnswer RangeOf(HubRequest request, byte[] content)
    {
        if (request.Range is not { } range) return new HubAnswer(200, content).With("Accept-Ranges", "bytes");
        int first = int.Parse(range["bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture);
        return first >= content.Length
            ? HubAnswer.Empty(416, ("Content-Range", $"bytes */{content.Length}"))
            : new HubAnswer(206, content.AsMemory(first)).With("Content-Range", $"bytes {first}-{content.Length - 1}/{content.Length}");
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or InvalidOperationException)
        {
            // The server stops; between two clients its listener is then no longer one.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                client.NoDelay = true;
                NetworkStream stream = client.GetStream();
                if (await ReadRequestAsync(stream) is not { } request) return;
                Requests.Enqueue(request);
                HubAnswer answer = Intercept(request) ?? Answer(request);
                await SendAsync(client, stream, answer);
            }
            catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // The client went away, or the server stops.
            }
        }
    }

    private async Task<HubRequest?> ReadRequestAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        string? line = await reader.ReadLineAsync(_stop.Token);
        if (line is null) return null;
        string target = line.Split(' ')[1];
        Dictionary<string, string> headers = new(StringComparer.Ordinal);
        while (await reader.ReadLineAsync(_stop.Token) is { Length: > 0 } header)
        {
            int colon = header.IndexOf(':', StringComparison.Ordinal);
            headers[header[..colon].ToLowerInvariant()] = header[(colon + 1)..].Trim();
        }

        return new HubRequest(headers["host"], target, headers, _counts.AddOrUpdate(target, 1, (_, count) => count + 1));
    }

    private HubAnswer Answer(HubRequest request)
    {
        string path = Uri.UnescapeDataString(request.Target.Split('?')[0]).Trim('/');
        string[] parts = path.Split('/');
        if (parts is ["large", var sha256])
        {
            byte[]? content = _repositories.Values.Select(repository => repository.FindLarge(sha256)).FirstOrDefault(found => found is not null);
            return content is null ? HubAnswer.Empty(404) : Distort(request, RangeOf(request, content).With("ETag", $"\"{sha256[..32]}\""));
        }

        if (parts is ["api", "models", var owner, var name, var kind, .. var rest] && _repositories.TryGetValue($"{owner}/{name}", out HubRepository? repository))
        {
            if (kind == "revision") return HubAnswer.Json($"{{\"id\":\"{repository.Name}\",\"sha\":\"{repository.Commit}\"}}");
            if (kind == "tree" && string.Join('/', rest) == repository.Commit) return HubAnswer.Json(repository.TreeJson());
        }

        if (parts is [var fileOwner, var fileName, "resolve", var commit, .. var filePath]
            && _repositories.TryGetValue($"{fileOwner}/{fileName}", out repository) && commit == repository.Commit
            && repository.Find(string.Join('/', filePath)) is { } file)
        {
            return FileAnswer(request, repository, file);
        }

        return HubAnswer.Empty(404);
    }

    private HubAnswer FileAnswer(HubRequest request, HubRepository repository, HubContent file)
    {
        if (!file.IsLarge)
            return Distort(request, RangeOf(request, file.Content).With("ETag", $"\"{file.GitId}\"").With("X-Repo-Commit", repository.Commit));
        return HubAnswer.Empty(
            302,
            ("Location", new Uri(LargeFileHost, "large/" + file.Sha256 + "?signature=secret").AbsoluteUri),
            ("X-Repo-Commit", repository.Commit),
            ("X-Linked-Size", file.Content.Length.ToString(CultureInfo.InvariantCulture)),
            ("X-Linked-Etag", $"\"{file.Sha256}\""));
    }

    private async Task SendAsync(TcpClient client, NetworkStream stream, HubAnswer answer)
    {
        var head = new StringBuilder().Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {answer.Status} Whatever\r\nConnection: close\r\n");
        if (answer.IsChunked) head.Append("Transfer-Encoding: chunked\r\n");
        else head.Append(CultureInfo.InvariantCulture, $"Content-Length: {answer.AnnouncedLength ?? answer.Body.Length}\r\n");
        foreach ((string name, string value) in answer.Headers)
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head.Append("\r\n").ToString()), _stop.Token);

        int end = Math.Min(Math.Min(answer.CutAfter ?? int.MaxValue, answer.StallAfter ?? int.MaxValue), answer.Body.Length);
        for (int offset = 0; offset < end; offset += answer.PieceBytes)
        {
            ReadOnlyMemory<byte> piece = answer.Body[offset..Math.Min(end, offset + answer.PieceBytes)];
            if (answer.IsChunked) await stream.WriteAsync(Encoding.ASCII.GetBytes($"{piece.Length:x}\r\n"), _stop.Token);
            await stream.WriteAsync(piece, _stop.Token);
            if (answer.IsChunked) await stream.WriteAsync("\r\n"u8.ToArray(), _stop.Token);
            if (answer.PieceDelay > TimeSpan.Zero) await Task.Delay(answer.PieceDelay, _stop.Token);
        }

        if (answer.StallAfter is not null)
            await Task.Delay(Timeout.Infinite, _stop.Token);
        if (answer.CutAfter is not null)
            client.Client.LingerState = new LingerOption(enable: true, seconds: 0);
        else if (answer.IsChunked)
            await stream.WriteAsync("0\r\n\r\n"u8.ToArray(), _stop.Token);
    }
}

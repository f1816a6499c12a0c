using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Steno.Hub;

/// <summary>Requests to the hub: redirects, the token, time limits, and faults told apart by whether they may pass.</summary>
internal sealed class HubClient : IDisposable
{
    private const int MaxRedirectCount = 10;
    private const int MaxHeaderKilobytes = 64;
    private const int BodyBufferBytes = 64 * 1024;

    private readonly HubSettings _settings;
    private readonly TimeSpan _stallTimeout;
    private readonly HttpClient _http;

    public HubClient(HubSettings settings, TimeSpan stallTimeout)
    {
        _settings = settings;
        _stallTimeout = stallTimeout;
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            MaxResponseHeadersLength = MaxHeaderKilobytes,
            MaxResponseDrainSize = 0,
            ConnectTimeout = stallTimeout,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
        };
        _http = new HttpClient(handler, disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>An address fit to be shown: without the query, in which signed addresses carry their signature.</summary>
    public static string Shown(Uri address) => address.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);

    /// <summary>Sends a GET request and follows its redirects to an answer of success, or to 416.</summary>
    /// <param name="address">On the endpoint.</param>
    /// <param name="firstByte">Where the content shall begin; 0 for all of it.</param>
    /// <param name="entityTag">Strong ETag of the content that the first bytes are of, or null when it is not known.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="TransientHubException">A fault that may pass.</exception>
    /// <exception cref="HubException">A fault that stays.</exception>
    public async Task<HubResponse> GetAsync(Uri address, long firstByte, EntityTagHeaderValue? entityTag, CancellationToken cancellationToken)
    {
        string? commit = null;
        string? linkedEtag = null;
        for (int hop = 0; hop <= MaxRedirectCount; hop++)
        {
            HttpResponseMessage message = await SendAsync(address, firstByte, entityTag, cancellationToken).ConfigureAwait(false);
            try
            {
                if (IsOfEndpoint(address))
                {
                    commit ??= Header(message, "X-Repo-Commit");
                    linkedEtag ??= Header(message, "X-Linked-Etag") is { } tag ? HexText.OfEntityTag(tag) : null;
                }

                if (!IsRedirect(message.StatusCode))
                {
                    ThrowUnlessUsable(message, address, isRange: firstByte > 0);
                    var response = new HubResponse(message, address, commit, linkedEtag);
                    message = null!;
                    return response;
                }

                address = RedirectOf(message, address);
            }
            finally
            {
                message?.Dispose();
            }
        }

        throw new HubException($"{Shown(address)}: more than {MaxRedirectCount} redirects");
    }

    /// <summary>Reads a body into memory, up to a cap.</summary>
    /// <returns>The body and the address of the next page, or null.</returns>
    public async Task<(byte[] Body, Uri? Next)> GetBytesAsync(Uri address, int maxBytes, CancellationToken cancellationToken)
    {
        using HubResponse response = await GetAsync(address, firstByte: 0, entityTag: null, cancellationToken).ConfigureAwait(false);
        using var stall = new StallTimer(_stallTimeout, cancellationToken);
        using var content = new MemoryStream();
        byte[] buffer = new byte[BodyBufferBytes];
        Stream body = await response.OpenBodyAsync(cancellationToken).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
        {
            int count;
            while ((count = await ReadAsync(body, buffer, stall, address).ConfigureAwait(false)) > 0)
            {
                if (content.Length + count > maxBytes)
                    throw new HubException($"{Shown(address)}: the answer is longer than {ByteCount.Text(maxBytes)}");
                content.Write(buffer, 0, count);
            }
        }

        return (content.ToArray(), NextPage(response));
    }

    /// <summary>Reads some bytes; 0 at the end.</summary>
    /// <exception cref="TransientHubException">The connection was cut, or brings nothing.</exception>
    public async Task<int> ReadAsync(Stream body, Memory<byte> buffer, StallTimer stall, Uri address)
    {
        try
        {
            int count = await body.ReadAsync(buffer, stall.Token).ConfigureAwait(false);
            stall.Advance(count);
            return count;
        }
        catch (OperationCanceledException exception) when (stall.HasRunOut)
        {
            throw Stalled(address, exception);
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException or InvalidDataException)
        {
            throw new TransientHubException($"{Shown(address)}: the connection was cut: {exception.Message}", innerException: exception);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(Uri address, long firstByte, EntityTagHeaderValue? entityTag, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("steno", typeof(HubClient).Assembly.GetName().Version?.ToString(3) ?? "0"));
        if (_settings.Token is not null && IsOfEndpoint(address))
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _settings.Token);
        if (firstByte > 0)
        {
            request.Headers.Range = new RangeHeaderValue(firstByte, null);
            if (entityTag is not null) request.Headers.IfRange = new RangeConditionHeaderValue(entityTag);
        }

        using var stall = new StallTimer(_stallTimeout, cancellationToken);
        try
        {
            return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stall.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw Stalled(address, exception);
        }
        catch (HttpRequestException exception) when (IsFinal(exception))
        {
            throw new HubException($"{Shown(address)}: {Reason(exception)}", exception);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw new TransientHubException($"{Shown(address)}: {Reason(exception)}", innerException: exception);
        }
    }

    private TransientHubException Stalled(Uri address, Exception innerException) =>
        new($"{Shown(address)}: next to nothing came for {_stallTimeout.TotalSeconds:0.###} s", innerException: innerException);

    private static bool IsFinal(HttpRequestException exception) =>
        exception.InnerException is AuthenticationException
        || exception.HttpRequestError is HttpRequestError.ConfigurationLimitExceeded or HttpRequestError.UserAuthenticationError;

    private static string Reason(Exception exception) => exception.InnerException switch
    {
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData } => "the host is not known; is there a network?",
        SocketException socket => "no connection: " + socket.Message,
        { } inner => $"{exception.Message} ({inner.Message})",
        null => exception.Message,
    };

    private static bool IsRedirect(HttpStatusCode status) => (int)status is 301 or 302 or 303 or 307 or 308;

    private bool IsOfEndpoint(Uri address) =>
        Uri.Compare(address, _settings.Endpoint, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0;

    private static Uri RedirectOf(HttpResponseMessage message, Uri address)
    {
        if (message.Headers.Location is not { } location || !Uri.TryCreate(address, location, out Uri? target))
            throw new HubException($"{Shown(address)}: a redirect ({(int)message.StatusCode}) to nowhere");
        if (target.Scheme != Uri.UriSchemeHttps && target.Scheme != Uri.UriSchemeHttp)
            throw new HubException($"{Shown(address)}: a redirect to another kind of address: {target.Scheme}");
        if (address.Scheme == Uri.UriSchemeHttps && target.Scheme != Uri.UriSchemeHttps)
            throw new HubException($"{Shown(address)}: a redirect from https to http, which anyone on the way could change: {Shown(target)}");
        return target;
    }

    private void ThrowUnlessUsable(HttpResponseMessage message, Uri address, bool isRange)
    {
        int status = (int)message.StatusCode;
        if (status is 200 or 206 || (status == 416 && isRange)) return;
        string shown = Shown(address);
        if (status is 408 or 425 or 429 or (>= 500 and not 501 and not 505))
            throw new TransientHubException($"{shown}: the server answers {status}{(status == 429 ? " (too many requests)" : "")}", RetryAfterOf(message));
        throw new HubException(status switch
        {
            401 or 403 => $"{shown}: access is refused ({status}): there is no such repository, or it needs a token ({(_settings.Token is null ? "HF_TOKEN is not set" : "that of HF_TOKEN is not enough")})",
            404 => $"{shown}: there is no such repository, revision or file (404)",
            _ => $"{shown}: the server answers {status}",
        });
    }

    private static TimeSpan? RetryAfterOf(HttpResponseMessage message)
    {
        RetryConditionHeaderValue? header = message.Headers.RetryAfter;
        TimeSpan? wait = header?.Delta ?? (header?.Date is { } date ? date - DateTimeOffset.UtcNow : null);
        return wait > TimeSpan.Zero ? wait : null;
    }

    /// <summary>The next page of a list, when it lies on the endpoint.</summary>
    private Uri? NextPage(HubResponse response)
    {
        if (!response.Message.Headers.TryGetValues("Link", out IEnumerable<string>? links)) return null;
        foreach (string link in links.SelectMany(value => value.Split(',')))
        {
            int open = link.IndexOf('<', StringComparison.Ordinal);
            int close = link.IndexOf('>', StringComparison.Ordinal);
            if (open < 0 || close < open || !link[close..].Contains("rel=\"next\"", StringComparison.Ordinal)) continue;
            if (!Uri.TryCreate(response.Address, link[(open + 1)..close], out Uri? next) || !IsOfEndpoint(next))
                throw new HubException($"{Shown(response.Address)}: the list goes on at another server: {link}");
            return next;
        }

        return null;
    }

    private static string? Header(HttpResponseMessage message, string name) =>
        message.Headers.TryGetValues(name, out IEnumerable<string>? values) ? values.FirstOrDefault() : null;
}

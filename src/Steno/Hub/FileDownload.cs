using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace Steno.Hub;

/// <summary>Fetches one file into its part, going on where an earlier attempt ended, and makes it final once its content is proved.</summary>
internal sealed class FileDownload : IDisposable
{
    private const int BufferBytes = 256 * 1024;

    /// <summary>What is written is handed to the disk in steps, so that no single step takes long.</summary>
    private const long FlushBytes = 64L * 1024 * 1024;

    /// <summary>Progress that makes earlier faults forgotten.</summary>
    private const long ResetBytes = 1024 * 1024;

    private readonly HubFile _file;
    private readonly Uri _address;
    private readonly string _commit;
    private readonly HubClient _client;
    private readonly TimeSpan _stallTimeout;
    private readonly RetryLoop _retries;
    private readonly PullMeter _meter;
    private readonly ContentHash _hash;
    private readonly byte[] _buffer = new byte[BufferBytes];

    private FileStream _part = null!;
    private EntityTagHeaderValue? _entityTag;
    private long _length;
    private long _unflushedBytes;
    private bool _canResume = true;

    public FileDownload(HubFile file, Uri address, string commit, HubClient client, TimeSpan stallTimeout, RetryLoop retries, PullMeter meter)
    {
        _file = file;
        _address = address;
        _commit = commit;
        _client = client;
        _stallTimeout = stallTimeout;
        _retries = retries;
        _meter = meter;
        _hash = new ContentHash(file);
    }

    /// <summary>Brings the file to its final place.</summary>
    /// <param name="partPath">Where it is while it is not complete.</param>
    /// <param name="finalPath">Where it is once it is.</param>
    /// <param name="twinPath">A file that had the same content once, or null: it is copied where it still has.</param>
    /// <param name="cancellationToken">Stops it; the part stays.</param>
    /// <returns>SHA-256 of the content.</returns>
    /// <exception cref="HubException">The hub does not give the file, or another one.</exception>
    public async Task<string> RunAsync(string partPath, string finalPath, string? twinPath, CancellationToken cancellationToken)
    {
        if (await CheckFinalAsync(finalPath, cancellationToken).ConfigureAwait(false) is { } known) return known;
        _part = new FileStream(partPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        string sha256;
        try
        {
            if (_part.Length == 0 && twinPath is not null && twinPath != finalPath)
                await CopyAsync(twinPath, cancellationToken).ConfigureAwait(false);
            sha256 = await FillAsync(cancellationToken).ConfigureAwait(false);
            _part.Flush(flushToDisk: true);
        }
        catch (WrongContentException exception)
        {
            _part.Dispose();
            File.Delete(partPath);
            throw Contradiction(exception.Message + ". It was discarded");
        }
        finally
        {
            _part.Dispose();
        }

        File.Move(partPath, finalPath, overwrite: true);
        return sha256;
    }

    public void Dispose()
    {
        _part?.Dispose();
        _hash.Dispose();
    }

    /// <summary>The hash of a final file that an earlier pull made; null when there is none that is right.</summary>
    private async Task<string?> CheckFinalAsync(string finalPath, CancellationToken cancellationToken)
    {
        if (!File.Exists(finalPath)) return null;
        using (var final = new FileStream(finalPath, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0))
        {
            if (final.Length == _file.SizeBytes)
            {
                await AppendAsync(final, cancellationToken).ConfigureAwait(false);
                _hash.Complete(out string sha256, out string? mismatch);
                if (mismatch is null) return sha256;
                Forget();
            }
        }

        File.Delete(finalPath);
        return null;
    }

    /// <summary>Makes a part of another file, which is then checked as one that an earlier pull left.</summary>
    private async Task CopyAsync(string path, CancellationToken cancellationToken)
    {
        var info = new FileInfo(path);
        if (!info.Exists || info.Length != _file.SizeBytes) return;
        using var source = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        int count;
        while ((count = await source.ReadAsync(_buffer, cancellationToken).ConfigureAwait(false)) > 0)
            await _part.WriteAsync(_buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
        _part.Position = 0;
    }

    private async Task<string> FillAsync(CancellationToken cancellationToken)
    {
        if (_part.Length > _file.SizeBytes) _part.SetLength(0);
        await AppendAsync(_part, cancellationToken).ConfigureAwait(false);
        bool isContinued = _length > 0;
        while (true)
        {
            await FetchRestAsync(cancellationToken).ConfigureAwait(false);
            _hash.Complete(out string sha256, out string? mismatch);
            if (mismatch is null) return sha256;
            if (!isContinued) throw new WrongContentException($"the content is not what the hub lists: {mismatch}");

            // What an earlier pull left may be what is wrong: the whole is fetched once more.
            _meter.Tell(PullPhase.Retrying, _file.Path, $"{_file.Path}: what an earlier pull left does not fit: from the beginning");
            Restart();
            isContinued = false;
        }
    }

    private async Task AppendAsync(FileStream file, CancellationToken cancellationToken)
    {
        int count;
        while ((count = await file.ReadAsync(_buffer, cancellationToken).ConfigureAwait(false)) > 0)
        {
            _hash.Append(_buffer.AsSpan(0, count));
            _length += count;
            _meter.Advance(_file.Path, count, isFetched: false);
        }
    }

    private async Task FetchRestAsync(CancellationToken cancellationToken)
    {
        long furthest = _length;
        while (_length < _file.SizeBytes)
        {
            try
            {
                await FetchOnceAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (TransientHubException fault)
            {
                if (_length - furthest >= ResetBytes)
                {
                    furthest = _length;
                    _retries.Reset();
                }

                await _retries.WaitAsync(fault, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task FetchOnceAsync(CancellationToken cancellationToken)
    {
        long firstByte = _canResume ? _length : 0;
        using HubResponse response = await _client.GetAsync(_address, firstByte, _entityTag, cancellationToken).ConfigureAwait(false);
        CheckIdentity(response);
        bool isWhole = response.Message.StatusCode == HttpStatusCode.OK;
        if (!isWhole && !IsContinuation(response, firstByte))
        {
            // 416 or another range: this server cannot go on from here.
            if (firstByte == 0) throw Contradiction($"the server answers {(int)response.Message.StatusCode} to a request for the whole file");
            _canResume = false;
            return;
        }

        CheckLength(response, isWhole ? 0 : firstByte);
        if (isWhole) Restart();
        EntityTagHeaderValue? entityTag = response.Message.Headers.ETag;
        _entityTag = entityTag is { IsWeak: false } && !response.IsPacked ? entityTag : null;
        await ReceiveAsync(response, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>True when the answer is the rest of the file from the byte that was asked for.</summary>
    private bool IsContinuation(HubResponse response, long firstByte)
    {
        ContentRangeHeaderValue? range = response.Message.Content.Headers.ContentRange;
        return response.Message.StatusCode == HttpStatusCode.PartialContent
            && firstByte > 0
            && !response.IsPacked
            && range is { Unit: "bytes" }
            && range.From == firstByte
            && range.To == _file.SizeBytes - 1
            && (range.Length is null || range.Length == _file.SizeBytes);
    }

    private void CheckIdentity(HubResponse response)
    {
        if (response.Commit is not null && response.Commit != _commit)
            throw Contradiction($"the server gives commit {response.Commit} instead of {_commit}");
        if (_file.Sha256 is not null && HexText.Is(response.LinkedEtag, HexText.Sha256Length) && response.LinkedEtag != _file.Sha256)
            throw Contradiction($"the server gives the content {response.LinkedEtag} instead of {_file.Sha256}");
    }

    private void CheckLength(HubResponse response, long firstByte)
    {
        if (response.IsPacked || response.Message.Content.Headers.ContentLength is not { } announced) return;
        if (announced != _file.SizeBytes - firstByte)
            throw Contradiction($"the server gives {Bytes(announced + firstByte)} bytes instead of the {Bytes(_file.SizeBytes)} that the hub lists");
    }

    private async Task ReceiveAsync(HubResponse response, CancellationToken cancellationToken)
    {
        using var stall = new StallTimer(_stallTimeout, cancellationToken);
        Stream body = await response.OpenBodyAsync(cancellationToken).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
        {
            int count;
            while ((count = await _client.ReadAsync(body, _buffer, stall, response.Address).ConfigureAwait(false)) > 0)
            {
                if (count > _file.SizeBytes - _length)
                    throw Contradiction($"the server gives more than the {Bytes(_file.SizeBytes)} bytes that the hub lists");
                await _part.WriteAsync(_buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
                _hash.Append(_buffer.AsSpan(0, count));
                _length += count;
                _unflushedBytes += count;
                if (_unflushedBytes >= FlushBytes)
                {
                    Flush();
                    stall.Restart();
                }

                _meter.Advance(_file.Path, count, isFetched: true);
            }
        }

        if (_length < _file.SizeBytes)
            throw new TransientHubException($"{HubClient.Shown(response.Address)}: the file ended after {Bytes(_length)} of {Bytes(_file.SizeBytes)} bytes");
    }

    private void Flush()
    {
        _part.Flush(flushToDisk: true);
        _unflushedBytes = 0;
    }

    private void Restart()
    {
        if (_length == 0 && _part.Length == 0) return;
        _part.SetLength(0);
        _part.Position = 0;
        Forget();
    }

    private void Forget()
    {
        _hash.Reset();
        _meter.Advance(_file.Path, -_length, isFetched: false);
        _length = 0;
        _entityTag = null;
    }

    private HubException Contradiction(string problem) => new($"{HubClient.Shown(_address)}: {problem}");

    private static string Bytes(long count) => count.ToString(CultureInfo.InvariantCulture);

    /// <summary>All bytes are here, and they are not those that the hub lists: asking again would not help.</summary>
    private sealed class WrongContentException(string message) : Exception(message);
}

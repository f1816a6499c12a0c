namespace Steno.Hub;

/// <summary>Counts the faults of one request and waits between its repetitions: half a second, then twice as long each time.</summary>
internal sealed class RetryLoop(HubSettings settings, int retryCount, Action<string> onRetry)
{
    private int _faultCount;

    /// <summary>Runs until it succeeds, or has failed once more than repetitions are allowed.</summary>
    /// <exception cref="HubException">It did not succeed.</exception>
    public async Task<T> RunAsync<T>(Func<Task<T>> request, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await request().ConfigureAwait(false);
            }
            catch (TransientHubException fault)
            {
                await WaitAsync(fault, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>The faults so far were followed by a success.</summary>
    public void Reset() => _faultCount = 0;

    /// <summary>Waits before the next repetition.</summary>
    /// <exception cref="HubException">There were too many.</exception>
    public async Task WaitAsync(TransientHubException fault, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_faultCount >= retryCount)
            throw new HubException(fault.Message + (retryCount == 0 ? "" : $"; given up after {_faultCount + 1} attempts. What was fetched is kept: pull again to go on"), fault);

        TimeSpan backoff = settings.FirstBackoff * Math.Pow(2, Math.Min(_faultCount, 20)) * (0.75 + (Random.Shared.NextDouble() / 2));
        TimeSpan wait = fault.RetryAfter is { } asked && asked > backoff ? asked : backoff;
        if (wait > settings.LongestBackoff) wait = settings.LongestBackoff;
        _faultCount++;
        onRetry($"{fault.Message}; again in {wait.TotalSeconds.ToString("F1", System.Globalization.CultureInfo.InvariantCulture)} s");
        await Task.Delay(wait, cancellationToken).ConfigureAwait(false);
    }
}

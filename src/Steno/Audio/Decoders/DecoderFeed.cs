using Steno.Audio.Containers;

namespace Steno.Audio.Decoders;

/// <summary>Gives a decoder that runs as a process its input, and sees what is wrong with it on the way.</summary>
/// <param name="input">The input, not owned; null for none.</param>
/// <param name="walk">Follows the input as it passes: what it finds is a fault of the input.</param>
/// <param name="damage">Takes note of damage that the walk finds, and the input goes on; null to end it there.</param>
internal sealed class DecoderFeed(ByteSource? input, ContainerWalk? walk, DamageLog? damage)
{
    private ContainerWalk? _walk = walk;
    private volatile bool _isWaiting;
    private volatile Exception? _fault;

    /// <summary>Whether the decoder can go on only when the input does.</summary>
    public bool IsWaiting => _isWaiting;

    /// <summary>What went wrong with the input; null when nothing did. Known before the decoder can see its input end.</summary>
    public Exception? Fault => _fault;

    /// <summary>Writes all of the input, and closes what it was written to.</summary>
    public async Task RunAsync(Stream destination, CancellationToken cancellationToken)
    {
        try
        {
            while (input is not null && await FillAsync(input, cancellationToken).ConfigureAwait(false) > 0)
            {
                await destination.WriteAsync(input.BufferedMemory, cancellationToken).ConfigureAwait(false);
                input.Consume(input.Buffered.Length);
            }
        }
        catch (Exception exception)
        {
            // The decoder may well stop reading before the end of its input: only a fault of the input itself is one.
            if (_isWaiting && !cancellationToken.IsCancellationRequested) _fault = exception;
            _isWaiting = false;
        }

        try
        {
            await destination.DisposeAsync().ConfigureAwait(false);
        }
        catch (IOException)
        {
            // The decoder has ended.
        }
    }

    private async ValueTask<int> FillAsync(ByteSource source, CancellationToken cancellationToken)
    {
        _isWaiting = true;
        int count = await source.FillAsync(1, cancellationToken).ConfigureAwait(false);
        try
        {
            if (count > 0) _walk?.Push(source.Buffered);
            else _walk?.End();
        }
        catch (AudioFormatException exception) when (damage is not null && exception.Damage is not null)
        {
            damage.Add(exception);
            _walk = null;
        }

        _isWaiting = false;
        return count;
    }
}

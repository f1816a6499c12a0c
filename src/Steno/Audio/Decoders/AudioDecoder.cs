using System.ComponentModel;
using Steno.Audio.Containers;

namespace Steno.Audio.Decoders;

/// <summary>Reads audio other than WAV with whichever decoder this machine has: libsndfile, or a process of ffmpeg.</summary>
/// <remarks>
/// The one that suits the format is asked first; when it is missing or cannot open the audio, the other one is. A fault after the
/// first sample is final.
/// </remarks>
internal sealed class AudioDecoder
{
    private readonly AudioContainer _container;
    private readonly AudioInputOptions _options;
    private readonly DecoderSettings _settings;
    private readonly SndfileLibrary? _sndfile;
    private readonly string? _ffmpeg;
    private readonly List<string> _reasons = [];
    private readonly ByteSource _original;
    private ByteSource _source;
    private string? _path;
    private ContainerWalk? _walk;
    private AudioFormatException? _walkFault;

    /// <summary>Looks for decoders.</summary>
    /// <param name="source">Stands at the first byte.</param>
    /// <param name="path">The file that it reads, by a name for another process; null when it is none, or has no such name.</param>
    /// <param name="container">What it begins like.</param>
    /// <param name="options">What to take of it.</param>
    public AudioDecoder(ByteSource source, string? path, AudioContainer container, AudioInputOptions options)
    {
        _original = _source = source;
        _path = source.Length is null ? null : path;
        _container = container;
        _options = options;
        _settings = options.Decoders ?? DecoderSettings.FromEnvironment();
        _sndfile = SndfileLibrary.Load(_settings.Sndfile);
        _ffmpeg = FfmpegProgram.Find(_settings.Ffmpeg);
    }

    /// <summary>Opens the audio.</summary>
    /// <returns>A reader that owns the source.</returns>
    /// <exception cref="AudioFormatException">No decoder is there, or none can read it.</exception>
    /// <exception cref="IOException">The audio had to be copied to a temporary file, and that cannot be written.</exception>
    public async ValueTask<SampleReader> OpenAsync(CancellationToken cancellationToken)
    {
        if (_sndfile is null && _ffmpeg is null) throw _source.Fault($"{Description}; to read it Steno needs ffmpeg or libsndfile, and found neither. Install them ({InstallHint}), or convert the audio to WAV.");
        try
        {
            if (NeedsCopy)
            {
                (_source, _path) = await TemporaryCopy.CreateAsync(_source, cancellationToken).ConfigureAwait(false);
                _original.Dispose();
            }

            _walk = ContainerWalk.Create(_container, _options.MaxDuration, _source.Fault);
            if (_source.Length is not null && _walk is not null) await WalkAsync(_walk, cancellationToken).ConfigureAwait(false);
            bool isForSndfile = _options.Track == 1 && _source.Length is not null && IsWholeForSndfile();
            SampleReader? reader = null;
            if (isForSndfile && PrefersSndfile) reader = await TrySndfileAsync(cancellationToken).ConfigureAwait(false);
            reader ??= await TryFfmpegAsync(cancellationToken).ConfigureAwait(false);
            if (isForSndfile && !PrefersSndfile) reader ??= await TrySndfileAsync(cancellationToken).ConfigureAwait(false);
            return reader ?? throw _source.Fault($"{_walkFault?.Damage ?? Description}{(_walkFault is null ? ", but" : "; it")} cannot be read. {string.Join(". ", _reasons)}.");
        }
        catch
        {
            _source.Dispose();
            throw;
        }
    }

    /// <summary>How the decoders are installed on this system.</summary>
    public static string InstallHint
    {
        get
        {
            if (OperatingSystem.IsWindows()) return "winget install ffmpeg";
            return OperatingSystem.IsMacOS() ? "brew install ffmpeg libsndfile" : "on Debian and Ubuntu: apt-get install ffmpeg libsndfile1";
        }
    }

    private string Description => _container == AudioContainer.Unknown
        ? "this begins like no audio that Steno knows"
        : $"this is not a WAV file but looks like {_container.Name}";

    // After damage ffmpeg goes on, and libsndfile does not.
    private bool PrefersSndfile => _container.PrefersSndfile && !(_options.Damage is not null && _ffmpeg is not null);

    // ffmpeg reads most formats from a pipe; libsndfile seeks in all of them.
    private bool NeedsCopy => _path is null && (_ffmpeg is null ? _source.Length is null : _container.NeedsSeeking);

    private async ValueTask WalkAsync(ContainerWalk walk, CancellationToken cancellationToken)
    {
        try
        {
            await walk.RunAsync(_source, cancellationToken).ConfigureAwait(false);
        }
        catch (AudioFormatException exception) when (exception.Damage is not null && _options.Damage is not null)
        {
            _walkFault = exception;
            _options.Damage.Add(exception);
            _source.SeekTo(0);
        }
    }

    // Some encoders of MPEG audio write wrong ones into sound frames.
    private bool HasTrueSums => _container != AudioContainer.Mp3 && _container != AudioContainer.Mpeg;

    // Of several Ogg streams, one after the other or side by side, libsndfile reads one and says nothing of the rest.
    private bool IsWholeForSndfile()
    {
        if (_walk is not OggWalk { StreamCount: not 1 and var streamCount }) return true;
        _reasons.Add($"libsndfile reads a single Ogg stream, and this file has {streamCount}");
        return false;
    }

    private async ValueTask<SampleReader?> TrySndfileAsync(CancellationToken cancellationToken)
    {
        if (_sndfile is null)
        {
            _reasons.Add("libsndfile was not found");
            return null;
        }

        try
        {
            return await SndfileReader.OpenAsync(_sndfile, _source, _settings.StallLimit, _container == AudioContainer.CompressedWav, cancellationToken).ConfigureAwait(false);
        }
        catch (AudioFormatException fault)
        {
            _reasons.Add(ReasonOf(fault));
            return null;
        }
    }

    private async ValueTask<SampleReader?> TryFfmpegAsync(CancellationToken cancellationToken)
    {
        if (_ffmpeg is null)
        {
            _reasons.Add($"ffmpeg was not found ({InstallHint})");
            return null;
        }

        if (_path is null && _source.Length is not null) _source.SeekTo(0);
        FfmpegProcess process;
        try
        {
            var feed = new DecoderFeed(_path is null ? _source : null, _source.Length is null ? _walk : null, _options.Damage);
            process = FfmpegProcess.Start(_ffmpeg, FfmpegArguments.Create(_path, _options.Track, HasTrueSums, namesPlaces: _options.Damage is not null), feed);
        }
        catch (Win32Exception exception)
        {
            _reasons.Add($"{_ffmpeg} cannot be started: {exception.Message}");
            return null;
        }

        try
        {
            var output = new ByteSource(new FfmpegOutput(process, _source, _settings.StallLimit), leaveOpen: false, _source.Name);
            WavReader reader = await WavReader.OpenAsync(output, cancellationToken).ConfigureAwait(false);
            return new FfmpegReader(reader, process.Report, _source, _walkFault is null ? _walk : null, endsAtDamage: _options.Damage is null);
        }
        catch (AudioFormatException fault) when (!process.Report.IsTrackMissing)
        {
            _reasons.Add(ReasonOf(fault));
            bool isFree = await process.StopAsync().ConfigureAwait(false);
            process.Dispose();
            if (isFree) return null;
            throw;
        }
        catch (AudioFormatException)
        {
            process.Dispose();
            throw _source.Fault(_options.Track == 1 ? "there is no audio track in it." : $"there is no audio track {_options.Track} in it; tracks count from 1.");
        }
        catch
        {
            process.Dispose();
            throw;
        }
    }

    private string ReasonOf(AudioFormatException fault)
    {
        if (fault.Damage is not null) return fault.Damage;
        string prefix = _source.Name + ": ";
        string message = _source.Name is not null && fault.Message.StartsWith(prefix, StringComparison.Ordinal) ? fault.Message[prefix.Length..] : fault.Message;
        return message.TrimEnd('.');
    }
}

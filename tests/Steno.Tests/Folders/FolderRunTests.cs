using Steno.Files;

namespace Steno.Tests.Folders;

/// <summary>Plans and runs a folder as a program does that is no command line.</summary>
public sealed class FolderRunTests(BuiltInModel model) : IClassFixture<BuiltInModel>, IDisposable
{
    private const string First = "english-1";
    private const string Second = "spanish-2";

    private static readonly TranscribeOptions Options = new();

    private readonly TemporaryDirectory _directory = new();

    private string In => Directory.CreateDirectory(_directory.PathOf("in")).FullName;

    private string Out => _directory.PathOf("out");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Every_recording_is_reported_in_its_order_and_what_is_done_stays_done()
    {
        Put(First, "a.wav");
        File.WriteAllText(Path.Combine(In, "b.wav"), "RIFF");
        Put(Second, "c.wav");

        List<FolderProgress> heard = await RunAsync(Plan(), redoes: false);

        Assert.Equal(
            [(0, FolderPhase.Started), (0, FolderPhase.Done), (1, FolderPhase.Started), (1, FolderPhase.Failed), (2, FolderPhase.Started), (2, FolderPhase.Done)],
            heard.Where(progress => progress.Phase != FolderPhase.Decoded).Select(progress => (progress.Index, progress.Phase)));
        Assert.Equal(Samples.Text(First), string.Concat(heard.Where(progress => progress.Index == 0).Select(progress => progress.Piece)));
        Assert.Equal(Samples.Text(Second) + "\n", File.ReadAllText(Path.Combine(Out, "c.txt")));
        SourceFailure failure = Assert.Single(heard, progress => progress.Failure is not null).Failure!;
        Assert.Equal(SourceFault.Audio, failure.Fault);
        Assert.StartsWith(Path.Combine(In, "b.wav") + ": ", failure.Message, StringComparison.Ordinal);
        Assert.Equal(["b.wav"], new FolderRun(Plan(), Options, redoes: false).Pending.Select(item => Path.GetFileName(item.SourcePath)));
        Assert.Equal(3, new FolderRun(Plan(), Options, redoes: true).Pending.Count);
    }

    [Fact]
    public async Task An_output_that_cannot_be_written_fails_its_recording_alone()
    {
        Put(First, "a.wav");
        Put(Second, "b.wav");
        Directory.CreateDirectory(Path.Combine(Out, "a.txt"));

        List<FolderProgress> heard = await RunAsync(Plan(), redoes: false);

        FolderProgress failed = Assert.Single(heard, progress => progress.Failure is not null);
        Assert.Equal((0, SourceFault.Output), (failed.Index, failed.Failure!.Fault));
        Assert.Equal(Path.Combine(Out, "a.txt") + ": the output cannot be written: it is a directory", failed.Failure.Message);
        Assert.Equal(Samples.Text(Second), Assert.Single(heard, progress => progress.Transcript is not null).Transcript!.Text);
    }

    [Fact]
    public async Task Cancellation_ends_the_run_and_keeps_what_is_finished()
    {
        Put(First, "a.wav");
        Put(Second, "b.wav");
        using var cancellation = new CancellationTokenSource();
        var run = new FolderRun(Plan(), Options, redoes: false);
        run.MakeFolder();
        var progress = new Listener(heard =>
        {
            if (heard.Phase == FolderPhase.Done) cancellation.Cancel();
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.RunAsync(model.Model, progress, cancellation.Token));

        Assert.Equal(["a.txt"], Directory.GetFiles(Out).Select(Path.GetFileName));
    }

    [Fact]
    public void A_plan_says_what_kind_of_fault_each_refused_recording_has()
    {
        Put(First, "a.wav");
        Put(Second, "a.wave");
        Put(Second, "raw.txt");
        string empty = Directory.CreateDirectory(_directory.PathOf("empty")).FullName;
        AudioSource[] sources =
        [
            new(In, AudioEncoding.Auto),
            new(empty, AudioEncoding.Auto),
            new(_directory.PathOf("missing.wav"), AudioEncoding.Auto),
            new(Path.Combine(In, "raw.txt"), AudioEncoding.Pcm16),
        ];

        FolderPlan plan = FolderPlan.Create(sources, [TranscriptFormat.Text], In, isRecursive: false, new FileSet());

        Assert.Equal([SourceFault.NameTaken, SourceFault.NoAudio, SourceFault.Audio, SourceFault.ReadFile], plan.Failures.Select(failure => failure.Fault));
        Assert.Equal(["a.wav"], plan.Items.Select(item => Path.GetFileName(item.SourcePath)));
    }

    [Fact]
    public void A_transcript_never_replaces_a_file_that_the_caller_reads()
    {
        Put(First, "a.wav");
        Directory.CreateDirectory(Out);
        string kept = Path.Combine(Out, "a.txt");
        File.WriteAllText(kept, "read elsewhere");
        var read = new FileSet();
        read.Add(kept);

        FolderPlan plan = FolderPlan.Create([new AudioSource(In, AudioEncoding.Auto)], [TranscriptFormat.Text], Out, isRecursive: false, read);

        Assert.Empty(plan.Items);
        Assert.Equal(SourceFault.ReadFile, Assert.Single(plan.Failures).Fault);
    }

    [Fact]
    public void What_cannot_be_meant_is_an_argument_that_is_wrong()
    {
        AudioSource[] wrong = [new("upload", AudioEncoding.Auto, () => Stream.Null), new("", AudioEncoding.Auto), new(In, AudioEncoding.Pcm16)];

        Assert.All(wrong, source => Assert.Throws<ArgumentException>(() => FolderPlan.Create([source], [TranscriptFormat.Text], Out, isRecursive: false, new FileSet())));
    }

    private FolderPlan Plan() => FolderPlan.Create([new AudioSource(In, AudioEncoding.Auto)], [TranscriptFormat.Text], Out, isRecursive: false, new FileSet());

    private async Task<List<FolderProgress>> RunAsync(FolderPlan plan, bool redoes)
    {
        var heard = new List<FolderProgress>();
        var run = new FolderRun(plan, Options, redoes);
        run.MakeFolder();
        await run.RunAsync(model.Model, new Listener(heard.Add), TestContext.Current.CancellationToken);
        return heard;
    }

    private void Put(string sample, string name) => File.Copy(Samples.AudioPath(sample), Path.Combine(In, name));

    private sealed class Listener(Action<FolderProgress> hear) : IProgress<FolderProgress>
    {
        public void Report(FolderProgress value) => hear(value);
    }
}

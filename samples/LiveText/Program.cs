using Steno;

string path = args.Length > 0 ? args[0] : "samples/audio/spanish-1.wav";
string modelName = args.Length > 1 ? args[1] : AsrModel.BuiltInName;

using var interruption = new CancellationTokenSource();
Console.CancelKeyPress += (_, press) =>
{
    press.Cancel = true;
    interruption.Cancel();
};

try
{
    using AsrModel model = AsrModel.Load(modelName, cancellationToken: interruption.Token);
    Transcription transcription = model.Transcribe(path, cancellationToken: interruption.Token);
    await foreach (string piece in transcription) Console.Write(piece);
    Console.WriteLine();

    Transcript transcript = await transcription.Completion;
    foreach (TranscriptSegment segment in transcript.Segments)
        Console.Error.WriteLine($"{segment.Start:mm\\:ss} to {segment.End:mm\\:ss}: {segment.Language}{(segment.IsTruncated ? ", incomplete" : "")}");
    return 0;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("Interrupted.");
    return 130;
}
catch (Exception fault) when (fault is StenoException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine(fault.Message);
    return 1;
}

using Steno;

using AsrModel model = AsrModel.Load(AsrModel.BuiltInName);
Transcript transcript = await model.TranscribeAsync("samples/audio/english-3.wav");
Console.WriteLine($"{transcript.Language}: {transcript.Text}");

namespace Steno.Tests.Packagings;

/// <summary>
/// The same of a model as large as a published one, which does not come with the sources: STENO_GROWN names its directory, STENO_PACKAGINGS one for the
/// files that are written, which stay there to be measured. About 8 GB, and ten minutes.
/// </summary>
public sealed class GrownModelTests
{
    [Theory]
    [InlineData("transcribe.cpp", "Q4_K_M")]
    [InlineData("audio.cpp", "Q4_K")]
    [InlineData("chatllm.cpp", "Q4_0")]
    public void A_file_computes_what_the_values_in_it_compute(string program, string type)
    {
        string? directory = Environment.GetEnvironmentVariable("STENO_GROWN");
        Assert.SkipWhen(string.IsNullOrEmpty(directory), "STENO_GROWN names no model");
        string target = Environment.GetEnvironmentVariable("STENO_PACKAGINGS")!;
        SourceModel source = SourceModel.Of(directory);
        string path = Path.Combine(target, program + (program == "chatllm.cpp" ? ".bin" : ".gguf"));
        using (FileStream file = File.Create(path)) Write(source, program, TypeOf, file);
        string twin = Path.Combine(target, "twin");
        source.WriteLargeDirectory(twin, tensor => TypeMixture.Stored(tensor, TypeOf(tensor)));

        Logits.AssertEqual(Logits.Of(twin, "english-1"), Logits.Of(path, "english-1"));
        Directory.Delete(twin, recursive: true);

        string TypeOf(SourceTensor tensor) => program switch
        {
            "transcribe.cpp" => TypeMixture.OfTranscribeCpp(type, tensor),
            "audio.cpp" => TypeMixture.OfAudioCpp(type, tensor),
            _ => TypeMixture.OfChatLlm(type, tensor),
        };
    }

    private static void Write(SourceModel source, string program, Func<SourceTensor, string> typeOf, Stream file)
    {
        if (program == "transcribe.cpp") TranscribeCppFile.Write(source, typeOf).WriteTo(file);
        else if (program == "audio.cpp") AudioCppFile.Write(source, typeOf).WriteTo(file);
        else new ChatLlmFile(source, typeOf).WriteTo(file);
    }
}

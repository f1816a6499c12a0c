using Steno.Speech;

namespace Steno.Tests.Speech;

public sealed class SileroWeightsTests
{
    private const string Branch = "If_0_then_branch__Inline_0__";

    private static readonly string[] Names =
    [
        "stft.forward_basis_buffer",
        "encoder.0.reparam_conv.weight", "encoder.0.reparam_conv.bias",
        "encoder.1.reparam_conv.weight", "encoder.1.reparam_conv.bias",
        "encoder.2.reparam_conv.weight", "encoder.2.reparam_conv.bias",
        "encoder.3.reparam_conv.weight", "encoder.3.reparam_conv.bias",
        "decoder.rnn.weight_ih", "decoder.rnn.weight_hh", "decoder.rnn.bias_ih", "decoder.rnn.bias_hh",
        "decoder.decoder.2.weight", "decoder.decoder.2.bias",
    ];

    [Fact]
    public void The_weights_are_those_of_the_16_kHz_branch_of_the_published_file()
    {
        var published = new OnnxTensors(File.ReadAllBytes(Repository.RequireShared("data", "vad", "silero_vad.onnx")));

        Assert.Equal(Names.SelectMany(name => published[Branch + name]), SileroWeights.ReadResource());
    }

    [Fact]
    public void The_library_holds_the_file_of_the_repository()
    {
        byte[] file = File.ReadAllBytes(Repository.PathOf("models", "silero-vad", "silero-vad-16k.f32"));

        Assert.Equal(file, SileroWeights.ReadResource().SelectMany(BitConverter.GetBytes));
    }
}

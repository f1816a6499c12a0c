using System.Text;
using Steno.Checkpoints;
using Steno.Loading;
using Steno.Tests.Checkpoints;

namespace Steno.Tests.Loading;

/// <summary>Files and directories that Steno does not read: each is named, whatever it is called.</summary>
public sealed class ForeignFilesTests : IDisposable
{
    private const string Compiled = "it is compiled for that runtime and has no weights that Steno could read";

    private readonly TemporaryDirectory _directory = new();

    public static TheoryData<string> Formats => [.. Examples.Keys];

    private static Dictionary<string, (byte[] Content, string Message)> Examples { get; } = new(StringComparer.Ordinal)
    {
        ["onnx"] = (Onnx("pytorch"), Refused("an ONNX graph", "Steno computes with weights under their own names, which a graph has lost in part")),
        ["onnx without producer"] = ([0x08, 0x08, 0x3A, 0x85, 0x01, 0x0A, 0x10, 0, 0], Refused("an ONNX graph", "Steno computes with weights under their own names, which a graph has lost in part")),
        ["axera"] = (Onnx("Pulsar2"), Refused("an Axera model, compiled by Pulsar", "it is compiled for Axera chips")),
        ["core ml"] = ([0x08, 0x07, 0x12, 0x20, 0x0A, 0x10, 0x0A, 0x06, 1, 2, 3], Refused("a Core ML model", Compiled)),
        ["openvino"] = ("<?xml version=\"1.0\"?>\n<net name=\"Model0\" version=\"11\">\n\t<layers>"u8.ToArray(), Refused("an OpenVINO model (IR)", "its graph has lost the names of most weights, and its input is of fixed length")),
        ["ncnn"] = ("7767517\n75 83\nInput in0 0 1 in0"u8.ToArray(), Refused("an ncnn model", Compiled)),
        ["ncnn, binary"] = ([0xDD, 0x85, 0x76, 0x00, 1, 0, 0, 0], Refused("an ncnn model", Compiled)),
        ["rknn"] = ("RKNN\0\0\0\0\u0006\0\0\0"u8.ToArray(), Refused("an RKNN model for Rockchip chips", Compiled)),
        ["sophgo"] = ([0xEE, 0xAA, 0x55, 0xFF, 64, 0, 0, 0], Refused("a bmodel for Sophgo chips", Compiled)),
        ["tensorrt"] = ("ftrt\0\0\0\0"u8.ToArray(), Refused("a TensorRT engine", "it is compiled for one kind of NVIDIA GPU")),
        ["executorch"] = ([0x1C, 0, 0, 0, .. "ET12"u8, 0, 0], Refused("an ExecuTorch program (.pte)", Compiled)),
        ["tflite"] = ([0x1C, 0, 0, 0, .. "TFL3"u8, 0, 0], Refused("a TensorFlow Lite model", Compiled)),
        ["keras"] = ([0x89, .. "HDF\r\n"u8, 0x1A, 0x0A, 0, 0], Refused("an HDF5 file, as Keras and TensorFlow have them", "it holds no Qwen3-ASR checkpoint")),
        ["numpy"] = ([0x93, .. "NUMPY"u8, 1, 0], Refused("a NumPy array", "a checkpoint is safetensors or GGUF")),
        ["whisper.cpp"] = ("lmgg\u0001\0\0\0"u8.ToArray(), Refused("a GGML file of the time before GGUF, as whisper.cpp has them", "it holds another model, such as Whisper")),
        ["torch zip"] = ([.. "PK\u0003\u0004"u8, 0, 0, 8, 8, .. new byte[18], 16, 0, 0, 0, .. "archive/data.pkl"u8], "{0}: this is a PyTorch file (pickle): reading it would run the code in it. Save its weights as safetensors, or use an original model: 'steno pull 0.6b' or 'steno pull 1.7b' fetches it."),
        ["torch, old"] = ([0x80, 0x02, 0x8A, 0x0A, 0x6C], "{0}: this is a PyTorch file (pickle): reading it would run the code in it. Save its weights as safetensors, or use an original model: 'steno pull 0.6b' or 'steno pull 1.7b' fetches it."),
        ["npz"] = ([.. "PK\u0003\u0004"u8, .. new byte[26], .. "model.norm.weight.npy"u8], "{0}: this is NumPy arrays (.npz): a checkpoint is safetensors or GGUF. Save them as safetensors beside config.json and the tokenizer, or use an original model: 'steno pull 0.6b' fetches it."),
        ["zip"] = ([.. "PK\u0003\u0004"u8, .. new byte[26], .. "model.safetensors"u8], "{0}: this is an archive: a model is read from files that are unpacked. Unpack it and name what is in it."),
        ["tar"] = ([.. new byte[257], .. "ustar"u8, 0], "{0}: this is an archive: a model is read from files that are unpacked. Unpack it and name what is in it."),
        ["gzip"] = ([0x1F, 0x8B, 8, 0], "{0}: this is an archive: a model is read from files that are unpacked. Unpack it and name what is in it."),
        ["audio"] = ("RIFF\u0024\0\0\0WAVEfmt "u8.ToArray(), "{0}: this is audio: a model is expected here. Name audio after the options, without --model."),
        ["program"] = ([0x7F, .. "ELF"u8, 2, 1], Refused("a program", "a model is expected here")),
        ["lfs pointer"] = ("version https://git-lfs.github.com/spec/v1\noid sha256:abc\nsize 1\n"u8.ToArray(), "{0}: this is a Git LFS pointer, not the weights: they were left out when the repository was cloned. Fetch them with 'git lfs pull'."),
        ["web page"] = ("\n<!doctype html>\n<html class=\"\">"u8.ToArray(), "{0}: this is a web page, not the file that it is about: the download took the page. Fetch the file itself, or let 'steno pull' do so."),
        ["json"] = ("{\n  \"model_type\": \"qwen3_asr\"\n}"u8.ToArray(), "{0}: this is a JSON file: a model is more than that. Name the directory that it lies in."),
        ["safetensors"] = ([0x80, 0x02, 0, 0, 0, 0, 0, 0, .. "{\"__metadata__\":"u8], "{0}: this is the weights of a checkpoint alone (safetensors): its configuration and its tokenizer are files of their own. Name the directory that holds all of them."),
    };

    public void Dispose() => _directory.Dispose();

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_file_is_known_whatever_it_is_called(string format)
    {
        foreach (string name in new[] { "model.gguf", "model.bin", "anything" })
        {
            string path = _directory.Write(name, Examples[format].Content);

            StenoException fault = Assert.ThrowsAny<StenoException>(() => CheckpointFinder.Find(path));

            Assert.Equal(Examples[format].Message.Replace("{0}", path, StringComparison.Ordinal), fault.Message);
            Assert.Equal(fault.Message, Assert.ThrowsAny<StenoException>(() => StoredModel.Read(path)).Message);
        }
    }

    [Theory]
    [InlineData("onnx", "an ONNX graph")]
    [InlineData("openvino", "an OpenVINO model (IR)")]
    [InlineData("rknn", "an RKNN model for Rockchip chips")]
    [InlineData("ncnn", "an ncnn model")]
    [InlineData("torch zip", "a PyTorch file (pickle)")]
    public void A_directory_is_known_by_the_files_in_it(string format, string name)
    {
        _directory.Write("README.md", "text");
        _directory.Write("a.bin", Examples[format].Content);
        TinyCheckpoint.Copy(_directory, "config.json", "vocab.json", "merges.txt");

        string message = Assert.Throws<UnsupportedModelException>(() => CheckpointFinder.Find(_directory.Path)).Message;

        Assert.StartsWith($"{_directory.Path}: this is {name}: ", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model.mlmodelc/coremldata.bin")]
    [InlineData("model.mlpackage/Data/com.apple.CoreML/model.mlmodel")]
    public void A_directory_of_Core_ML_is_known_from_without_and_from_within(string file)
    {
        string path = _directory.PathOf(file.Split('/'));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "x");

        foreach (string directory in new[] { _directory.Path, _directory.PathOf(file.Split('/')[0]) })
            Assert.StartsWith($"{directory}: this is a Core ML model: ", Assert.Throws<UnsupportedModelException>(() => CheckpointFinder.Find(directory)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_language_model_beside_an_ONNX_encoder_is_known_as_a_hybrid()
    {
        string text = _directory.Write("llm.gguf", Dialects.TinyGguf.LlamaText(new Dialects.TinyGgufOptions("Q8_0"), "qwen3vl").Write());
        _directory.Write("encoder_backend.onnx", Onnx("pytorch"));

        foreach (string path in new[] { text, _directory.Path })
        {
            string message = Assert.Throws<UnsupportedModelException>(() => CheckpointFinder.Find(path)).Message;
            Assert.Equal($"{text}: this is a hybrid of an ONNX encoder and a GGUF language model, as CapsWriter-Offline has them: the encoder is a graph, whose weights have lost their names. {OriginalModels.Advice}", message);
        }
    }

    [Fact]
    public void A_file_of_no_known_format_is_told_by_its_first_bytes()
    {
        string path = _directory.Write("model.bin", "12345678901234"u8);

        Assert.Equal(
            $"{path}: the file is of no format that Steno knows; expected a GGUF file, a file of chatllm.cpp, or a checkpoint directory; found a file that begins with the bytes 3132333435363738.",
            Assert.Throws<ModelFormatException>(() => CheckpointFinder.Find(path)).Message);
    }

    [Fact]
    public void An_empty_file_is_told_as_one()
    {
        string path = _directory.Write("model.bin", string.Empty);

        Assert.Equal($"{path}: the file is empty; expected a GGUF file.", Assert.Throws<ModelFormatException>(() => CheckpointFinder.Find(path)).Message);
    }

    private static string Refused(string name, string reason) => $"{{0}}: this is {name}: {reason}. {OriginalModels.Advice}";

    private static byte[] Onnx(string producer) => [0x08, 0x0A, 0x12, (byte)producer.Length, .. Encoding.ASCII.GetBytes(producer), 0x1A, 5, .. "2.6.0"u8, 0x3A, 0xFF, 0x01];
}

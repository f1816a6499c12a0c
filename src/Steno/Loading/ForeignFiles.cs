namespace Steno.Loading;

/// <summary>Knows the files of other programs by their first bytes.</summary>
internal static class ForeignFiles
{
    private const string CompiledReason = "it is compiled for that runtime and has no weights that Steno could read";
    private const string UnpackAdvice = "Unpack it and name what is in it.";

    /// <summary>An ONNX graph.</summary>
    public static ForeignFormat Onnx { get; } = new("an ONNX graph", "Steno computes with weights under their own names, which a graph has lost in part");

    /// <summary>An OpenVINO graph.</summary>
    public static ForeignFormat OpenVino { get; } = new("an OpenVINO model (IR)", "its graph has lost the names of most weights, and its input is of fixed length");

    /// <summary>A model for Apple's Core ML.</summary>
    public static ForeignFormat CoreMl { get; } = new("a Core ML model", CompiledReason);

    private static readonly ForeignFormat Pickle = new("a PyTorch file (pickle)", "reading it would run the code in it")
    {
        Advice = "Save its weights as safetensors, or use an original model: 'steno pull 0.6b' or 'steno pull 1.7b' fetches it.",
    };

    private static readonly ForeignFormat Safetensors = new("the weights of a checkpoint alone (safetensors)", "its configuration and its tokenizer are files of their own")
    {
        Advice = "Name the directory that holds all of them.",
        IsModel = false,
    };

    private static readonly ForeignFormat Archive = new("an archive", "a model is read from files that are unpacked") { Advice = UnpackAdvice, IsModel = false };

    private static readonly ForeignFormat Ggml = new("a GGML file of the time before GGUF, as whisper.cpp has them", "it holds another model, such as Whisper");

    private static readonly ForeignFormat Audio = new("audio", "a model is expected here") { Advice = "Name audio after the options, without --model.", IsModel = false, IsFault = true };

    private static readonly ForeignFormat Program = new("a program", "a model is expected here") { IsModel = false };

    private static readonly (byte[] Magic, int Offset, ForeignFormat Format)[] Magics =
    [
        ([.. "RKNN"u8], 0, new ForeignFormat("an RKNN model for Rockchip chips", CompiledReason)),
        ([.. "RKNN"u8], 4, new ForeignFormat("an RKNN model for Rockchip chips", CompiledReason)),
        ([0xEE, 0xAA, 0x55, 0xFF], 0, new ForeignFormat("a bmodel for Sophgo chips", CompiledReason)),
        ([.. "ftrt"u8], 0, new ForeignFormat("a TensorRT engine", "it is compiled for one kind of NVIDIA GPU")),
        ([.. "ET12"u8], 4, new ForeignFormat("an ExecuTorch program (.pte)", CompiledReason)),
        ([.. "TFL3"u8], 4, new ForeignFormat("a TensorFlow Lite model", CompiledReason)),
        ([.. "7767517\n"u8], 0, new ForeignFormat("an ncnn model", CompiledReason)),
        ([.. "7767517\r"u8], 0, new ForeignFormat("an ncnn model", CompiledReason)),
        ([0xDD, 0x85, 0x76, 0x00], 0, new ForeignFormat("an ncnn model", CompiledReason)),
        ([0x89, .. "HDF\r\n"u8, 0x1A, 0x0A], 0, new ForeignFormat("an HDF5 file, as Keras and TensorFlow have them", "it holds no Qwen3-ASR checkpoint")),
        ([0x93, .. "NUMPY"u8], 0, new ForeignFormat("a NumPy array", "a checkpoint is safetensors or GGUF")),
        ([.. "lmgg"u8], 0, Ggml), ([.. "tjgg"u8], 0, Ggml), ([.. "fmgg"u8], 0, Ggml), ([.. "algg"u8], 0, Ggml),
        ([0x80, 0x02], 0, Pickle), ([0x80, 0x03], 0, Pickle), ([0x80, 0x04], 0, Pickle), ([0x80, 0x05], 0, Pickle),
        ([0x1F, 0x8B], 0, Archive), ([.. "7z"u8, 0xBC, 0xAF], 0, Archive), ([0x28, 0xB5, 0x2F, 0xFD], 0, Archive), ([0xFD, .. "7zXZ"u8], 0, Archive),
        ([.. "ustar"u8], 257, Archive), ([.. "Rar!"u8], 0, Archive), ([.. "BZh"u8], 0, Archive),
        ([.. "RIFF"u8], 0, Audio), ([.. "fLaC"u8], 0, Audio), ([.. "OggS"u8], 0, Audio), ([.. "ID3"u8], 0, Audio), ([.. "ftyp"u8], 4, Audio),
        ([0x7F, .. "ELF"u8], 0, Program), ([.. "MZ"u8], 0, Program),
    ];

    /// <summary>Tells which known format a file has; null where it is none of them.</summary>
    public static ForeignFormat? Recognize(FileHead head)
    {
        if (IsSafetensors(head)) return Safetensors;
        foreach ((byte[] magic, int offset, ForeignFormat format) in Magics)
        {
            if (head.Has(magic, offset)) return format;
        }

        if (head.StartsWith("PK\u0003\u0004"u8)) return OfZip(head);
        return OfText(head) ?? ProtobufModel.Recognize(head.Bytes);
    }

    private static ForeignFormat OfZip(FileHead head)
    {
        if (head.Bytes.IndexOf("data.pkl"u8) >= 0 || head.Bytes.IndexOf("/version"u8) >= 0) return Pickle;
        return head.Bytes.IndexOf(".npy"u8) >= 0
            ? new ForeignFormat("NumPy arrays (.npz)", "a checkpoint is safetensors or GGUF") { Advice = "Save them as safetensors beside config.json and the tokenizer, or use an original model: 'steno pull 0.6b' fetches it." }
            : Archive;
    }

    private static ForeignFormat? OfText(FileHead head)
    {
        string text = head.Text;
        if (text.StartsWith("VERSION HTTPS://GIT-LFS", StringComparison.Ordinal))
            return new ForeignFormat("a Git LFS pointer, not the weights", "they were left out when the repository was cloned") { Advice = "Fetch them with 'git lfs pull'.", IsFault = true };
        if (text.StartsWith("<!DOCTYPE HTML", StringComparison.Ordinal) || text.StartsWith("<HTML", StringComparison.Ordinal))
            return new ForeignFormat("a web page, not the file that it is about", "the download took the page") { Advice = "Fetch the file itself, or let 'steno pull' do so.", IsModel = false, IsFault = true };
        if (text.StartsWith("<?XML", StringComparison.Ordinal) && text.Contains("<NET ", StringComparison.Ordinal)) return OpenVino;
        if (text.StartsWith('{'))
            return new ForeignFormat("a JSON file", "a model is more than that") { Advice = "Name the directory that it lies in.", IsModel = false, IsFault = true };
        return null;
    }

    // The length of the header in 64 bits, then the header, a JSON object.
    private static bool IsSafetensors(FileHead head) => head.Bytes.Length > 10 && head.Bytes[4..8].IndexOfAnyExcept((byte)0) < 0 && head.Bytes[8] == '{' && head.Bytes[9] is (byte)'"' or (byte)' ';
}

using System.Buffers.Binary;
using System.Text;
using Steno.Formats.Gguf;
using Steno.Loading;

namespace Steno.Tests.Packagings;

/// <summary>A type of fewer bytes than was written leaves a gap, which is all that tells of it.</summary>
public sealed class ContiguityTests : IDisposable
{
    private const uint TypeF16 = 1;
    private readonly TemporaryDirectory _directory = new();

    public static TheoryData<string> Programs => ["transcribe.cpp", "audio.cpp"];

    public void Dispose() => _directory.Dispose();

    [Theory]
    [MemberData(nameof(Programs))]
    public void A_gap_between_tensors_is_a_fault(string program)
    {
        byte[] file = Write(program);
        SetType(file, GgufHeader.Read(file, file.Length, "f").Tensors.Values.First(tensor => tensor.Type.Name == "F32"));

        Assert.Contains(": the tensor does not begin where the one before it ends; ", Fault(file), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void Bytes_after_the_last_tensor_are_a_fault(string program)
    {
        byte[] file = Write(program);

        Assert.Contains(": the file goes on after its last tensor; ", Fault([.. file, 0]), StringComparison.Ordinal);
    }

    private static byte[] Write(string program) => program == "audio.cpp"
        ? AudioCppFile.Write(SourceModel.Micro(), tensor => TypeMixture.OfAudioCpp("F32", tensor), new AudioCppLayout()).Write()
        : TranscribeCppFile.Write(SourceModel.Micro(), tensor => TypeMixture.OfTranscribeCpp("F32", tensor)).Write();

    // Behind the length of the name, the name, the rank and the dimensions.
    private static void SetType(byte[] file, GgufTensor tensor)
    {
        int rankOffset = (int)tensor.InfoOffset + sizeof(ulong) + Encoding.UTF8.GetByteCount(tensor.Name);
        int rank = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(rankOffset));
        Span<byte> type = file.AsSpan(rankOffset + sizeof(uint) + (rank * sizeof(ulong)), sizeof(uint));
        Assert.Equal(0u, BinaryPrimitives.ReadUInt32LittleEndian(type));
        BinaryPrimitives.WriteUInt32LittleEndian(type, TypeF16);
    }

    private string Fault(byte[] file)
    {
        string path = _directory.Write("model.gguf", file);
        return Assert.Throws<ModelFormatException>(() =>
        {
            using var weights = CheckpointFinder.Find(path).OpenWeights();
        }).Message;
    }
}

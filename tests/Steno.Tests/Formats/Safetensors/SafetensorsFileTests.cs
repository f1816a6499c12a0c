using System.Security.Cryptography;
using System.Text;
using Steno.Formats.Safetensors;
using Steno.Tensors;
using Steno.Tests.Model;

namespace Steno.Tests.Formats.Safetensors;

public sealed unsafe class SafetensorsFileTests
{
    // The expected numbers were read from the same files by a Python script of the standard library (json, struct, math.fsum, hashlib).
    [Theory]
    [InlineData("tiny-asr", 123, 2095680, "49d8ae7daa759b736b8b410816a71636428520ef9cebf2e517bba81ce84fa02e")]
    [InlineData("random-small", 96, 3545280, "33763f1a2b0db2e290c9e44329a23e24a2b8d3e8e5ac3dbf36d493683e910253")]
    public void Every_byte_of_a_real_checkpoint_is_reached(string checkpoint, int tensorCount, long parameterCount, string sha256)
    {
        using SafetensorsFile file = SafetensorsFile.Open(Path.Combine(Goldens.CheckpointPath(checkpoint), "model.safetensors"));

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long elementCount = 0;
        foreach (string name in file.Tensors.Keys.Order(StringComparer.Ordinal))
        {
            Assert.True(file.TryGetTensor(name, out TensorView tensor));
            Assert.Equal((name, DType.BF16, file.Location), (tensor.Name, tensor.DType, tensor.File));
            elementCount += tensor.ElementCount;
            hash.AppendData(Encoding.UTF8.GetBytes(name));
            using LoadedElements loaded = tensor.Load(0, tensor.ElementCount);
            hash.AppendData(new ReadOnlySpan<byte>(loaded.Tensor.At(0), (int)tensor.ElementCount * 2));
        }
        Assert.Equal((tensorCount, parameterCount), (file.Tensors.Count, elementCount));
        Assert.Equal(sha256, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    [Theory]
    [InlineData("tiny-asr", "thinker.audio_tower.conv2d1.weight", "[48, 1, 3, 3]", 0.00958251953125, 0.1484375, -0.310546875, 9.689205169677734)]
    [InlineData("tiny-asr", "thinker.audio_tower.layers.2.self_attn.k_proj.bias", "[128]", -0.06640625, 0.03466796875, -0.08154296875, 0.10302597284317017)]
    [InlineData("tiny-asr", "thinker.model.embed_tokens.weight", "[1123, 128]", 0.30078125, -0.416015625, 0.458984375, -3529.6755094453692)]
    [InlineData("tiny-asr", "thinker.model.layers.1.self_attn.q_norm.weight", "[128]", 0.8359375, 0.83984375, 0.83203125, 103.546875)]
    [InlineData("random-small", "thinker.audio_tower.proj2.weight", "[320, 192]", 0.25390625, 0.09326171875, 0.0478515625, 1.6683229804039001)]
    [InlineData("random-small", "thinker.model.layers.1.self_attn.q_norm.weight", "[64]", 0.8046875, 1.1328125, 0.94140625, 64.8515625)]
    public void Tensors_of_a_real_checkpoint_have_their_shapes_and_values(string checkpoint, string name, string shape, double first, double second, double third, double sum)
    {
        using SafetensorsFile file = SafetensorsFile.Open(Path.Combine(Goldens.CheckpointPath(checkpoint), "model.safetensors"));

        Assert.True(file.TryGetTensor(name, out TensorView tensor));
        using AlignedBuffer<float> values = tensor.ReadFloats();

        Assert.Equal(shape, tensor.ShapeText);
        Assert.Equal([(float)first, (float)second, (float)third], values.Span[..3].ToArray());
        // Sums of at most 2^18 BF16 values below 2 are exact in 53 bits but for their smallest terms.
        Assert.Equal(sum, values.Span.ToArray().Sum(value => (double)value), 1e-9);
    }

    [Fact]
    public void A_file_of_f32_tensors_is_read()
    {
        using SafetensorsFile file = SafetensorsFile.Open(Repository.PathOf("tests", "data", "golden", "random-small", "clip-0.73.safetensors"));

        using AlignedBuffer<float> mel = file.Require("mel", 73, 128).ReadFloats();

        Assert.Equal([0.2162872552871704f, 0.3138516843318939f, 0.41368937492370605f], mel.Span[..3].ToArray());
        Assert.Equal(-1423.9465737259889, mel.Span.ToArray().Sum(value => (double)value), 1e-9);
    }

    [Fact]
    public void A_tensor_beyond_two_gigabytes_is_read()
    {
        using var directory = new TemporaryDirectory();
        const long FirstBytes = (2L << 30) + 4096;
        byte[] header = SafetensorsWriter.Write($$$"""{"zeros":{"dtype":"BF16","shape":[{{{FirstBytes / 2}}}],"data_offsets":[0,{{{FirstBytes}}}]},"last":{"dtype":"F32","shape":[2],"data_offsets":[{{{FirstBytes}}},{{{FirstBytes + 8}}}]}}""", []);
        string path = directory.PathOf("model.safetensors");
        using (FileStream stream = File.Create(path))
        {
            // Never written in between, so that the file takes no room on the disk.
            stream.Write(header);
            stream.Position = header.Length + FirstBytes;
            stream.Write([0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0]);
        }

        using SafetensorsFile file = SafetensorsFile.Open(path);
        float[] last = new float[2];
        file.Require("last", 2).CopyTo(last);
        float[] zeros = [1, 1];
        file.Require("zeros", FirstBytes / 2).CopyTo((FirstBytes / 2) - 2, zeros);

        Assert.Equal([1f, -2f], last);
        Assert.Equal([0f, 0f], zeros);
    }

    [Theory]
    [InlineData("I64", 8)]
    [InlineData("F8_E4M3", 1)]
    [InlineData("Q9_X", 5)]
    public void A_tensor_of_another_number_format_may_lie_in_the_file_but_not_be_used(string dtype, int bytes)
    {
        using var directory = new TemporaryDirectory();
        string path = directory.Write("m.safetensors", SafetensorsWriter.Write([new StoredTensor("w", "F32", [1], new byte[4]), new StoredTensor("buffer", dtype, [1], new byte[bytes])]));
        using SafetensorsFile file = SafetensorsFile.Open(path);

        Assert.True(file.TryGetTensor("w", out _));
        var fault = Assert.Throws<ModelFormatException>(() => file.TryGetTensor("buffer", out _));

        Assert.Equal(("buffer", "dtype F32, F16 or BF16", "dtype " + dtype), (fault.Tensor, fault.Expected, fault.Found));
        Assert.StartsWith($"{path}: the tensor is stored in a number format that Steno does not compute with; tensor buffer; at byte ", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_disposed_file_gives_no_tensors()
    {
        using var directory = new TemporaryDirectory();
        SafetensorsFile file = SafetensorsFile.Open(directory.Write("m.safetensors", SafetensorsWriter.Write([new StoredTensor("w", "F32", [1], new byte[4])])));
        file.Dispose();
        file.Dispose();

        Assert.Throws<ObjectDisposedException>(() => file.TryGetTensor("w", out _));
    }

    [Fact]
    public void A_closed_file_can_be_deleted_and_a_refused_one_too()
    {
        var directory = new TemporaryDirectory();
        SafetensorsFile.Open(directory.Write("good.safetensors", SafetensorsWriter.Write([new StoredTensor("w", "F32", [1], new byte[4])]))).Dispose();
        Assert.Throws<ModelFormatException>(() => SafetensorsFile.Open(directory.Write("bad.safetensors", "not a checkpoint")));

        directory.Dispose();

        Assert.False(Directory.Exists(directory.Path));
    }

    [Fact]
    public void An_empty_file_is_refused()
    {
        using var directory = new TemporaryDirectory();
        string path = directory.Write("m.safetensors", []);

        Assert.Equal($"{path}: the file is empty; expected a safetensors file.", Assert.Throws<ModelFormatException>(() => SafetensorsFile.Open(path)).Message);
    }
}

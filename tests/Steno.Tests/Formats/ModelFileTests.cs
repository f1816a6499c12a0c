using Steno.Formats;
using Steno.Tensors;

namespace Steno.Tests.Formats;

public sealed class ModelFileTests
{
    private const int Length = 1000;

    private static readonly byte[] Content = [.. Enumerable.Range(0, Length).Select(i => (byte)(i * 7))];

    [Fact]
    public void Any_part_of_a_file_is_read()
    {
        using var directory = new TemporaryDirectory();
        using ModelFile file = ModelFile.Open(directory.Write("m", Content), "a file");
        byte[] part = new byte[10];

        file.Read(Length - 10, part);

        Assert.Equal(Content[^10..], part);
        Assert.Equal(Content[..20], file.Head(20));
        Assert.Equal(Content, file.Head(2 * Length));
        Assert.Equal(Length, file.Length);
    }

    [Theory]
    [InlineData(0, 500)]
    [InlineData(500, 500)]
    [InlineData(999, 990)]
    [InlineData(0, 0)]
    public void A_file_that_was_cut_short_is_a_fault_and_not_a_crash(int offset, int newLength)
    {
        using var directory = new TemporaryDirectory();
        string path = directory.Write("m", Content);
        using ModelFile file = ModelFile.Open(path, "a file");
        Cut(path, newLength);

        var fault = Assert.Throws<ModelFormatException>(() => file.Read(offset, new byte[Length - offset]));

        Assert.StartsWith($"{path}: the file changed while it was being read", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_was_cut_short_elsewhere_or_has_grown_is_a_fault()
    {
        using var directory = new TemporaryDirectory();
        string path = directory.Write("m", Content);
        using ModelFile file = ModelFile.Open(path, "a file");

        Cut(path, 500);
        var cut = Assert.Throws<ModelFormatException>(() => file.Read(0, new byte[100]));
        Cut(path, 2 * Length);
        var grown = Assert.Throws<ModelFormatException>(() => file.Read(0, new byte[100]));

        Assert.Equal(("1000 bytes", "500 bytes"), (cut.Expected, cut.Found));
        Assert.Equal(("1000 bytes", "2000 bytes"), (grown.Expected, grown.Found));
    }

    [Fact]
    public void A_file_that_was_written_over_is_a_fault()
    {
        using var directory = new TemporaryDirectory();
        string path = directory.Write("m", Content);
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddMinutes(-1));
        using ModelFile file = ModelFile.Open(path, "a file");
        using (var writer = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite)) writer.Write(new byte[Length]);

        var fault = Assert.Throws<ModelFormatException>(() => file.Read(0, new byte[100]));

        Assert.Contains("changed while it was being read", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parts_of_a_tensor_are_loaded_under_the_indices_of_the_whole()
    {
        byte[] bytes = [.. Enumerable.Range(0, 100_000).SelectMany(i => BitConverter.GetBytes((float)i))];
        using var directory = new TemporaryDirectory();
        using ModelFile file = ModelFile.Open(directory.Write("m", [1, 2, 3, .. bytes]), "a file");
        var tensor = new TensorView("t", "m", DType.F32, [1000, 100], file, start: 3, fileOffset: 3);
        float[] row = new float[100];

        using LoadedElements rows = tensor.Load(70_000, 200);
        rows.Tensor.CopyTo(70_100, row);
        using AlignedBuffer<float> all = tensor.ReadFloats();

        Assert.Equal(Enumerable.Range(70_100, 100).Select(i => (float)i), row);
        Assert.Equal(Enumerable.Range(0, 100_000).Select(i => (float)i), all.Span.ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => { tensor.Load(99_999, 2).Dispose(); });
        Assert.Throws<ArgumentOutOfRangeException>(() => { tensor.Load(-1, 2).Dispose(); });
    }

    [Fact]
    public void A_value_that_is_not_finite_is_found_where_it_lies_in_the_file()
    {
        const int Bad = 70_123;
        byte[] bytes = [.. Enumerable.Range(0, 100_000).SelectMany(i => BitConverter.GetBytes(i == Bad ? float.NaN : i))];
        using var directory = new TemporaryDirectory();
        using ModelFile file = ModelFile.Open(directory.Write("m", bytes), "a file");
        var tensor = new TensorView("t", "m", DType.F32, [1000, 100], file, start: 0, fileOffset: 0);

        var widened = Assert.Throws<ModelFormatException>(() => tensor.ReadFloats());
        var checkedOnly = Assert.Throws<ModelFormatException>(() => tensor.RequireFinite(0, tensor.ElementCount));

        Assert.Equal("m: a weight is not a finite number; tensor t; at byte 280492; expected finite numbers; found NaN at element 70123 of shape [1000, 100].", widened.Message);
        Assert.Equal(widened.Message, checkedOnly.Message);
    }

    private static void Cut(string path, long length)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        stream.SetLength(length);
    }
}

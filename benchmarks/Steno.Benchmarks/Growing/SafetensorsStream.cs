using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using Steno.Tensors;

namespace Steno.Benchmarks.Growing;

/// <summary>Writes BF16 safetensors files from recipes, a few rows in memory at a time.</summary>
internal static class SafetensorsStream
{
    private const int BufferBytes = 1 << 20;

    /// <summary>Bytes that the tensors take in a file, the header aside.</summary>
    public static long DataBytes(IEnumerable<TensorRecipe> tensors) => tensors.Sum(tensor => tensor.ElementCount * sizeof(ushort));

    /// <summary>Writes a file; one of the same name appears only once it is whole.</summary>
    public static void Write(string path, IReadOnlyList<TensorRecipe> tensors, CancellationToken cancellationToken)
    {
        string unfinished = path + ".part";
        using (var file = new FileStream(unfinished, FileMode.Create, FileAccess.Write, FileShare.None, BufferBytes))
        {
            WriteHeader(file, tensors);
            foreach (TensorRecipe tensor in tensors) WriteData(file, tensor, cancellationToken);
        }

        File.Move(unfinished, path, overwrite: true);
    }

    // A 64-bit length, then the JSON, padded with spaces so that the data starts at a multiple of 8.
    private static void WriteHeader(FileStream file, IReadOnlyList<TensorRecipe> tensors)
    {
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("__metadata__");
            writer.WriteString("format", "pt");
            writer.WriteEndObject();
            long begin = 0;
            foreach (TensorRecipe tensor in tensors)
            {
                long end = begin + (tensor.ElementCount * sizeof(ushort));
                writer.WriteStartObject(tensor.Name);
                writer.WriteString("dtype", "BF16");
                writer.WriteStartArray("shape");
                foreach (int dimension in tensor.Shape) writer.WriteNumberValue(dimension);
                writer.WriteEndArray();
                writer.WriteStartArray("data_offsets");
                writer.WriteNumberValue(begin);
                writer.WriteNumberValue(end);
                writer.WriteEndArray();
                writer.WriteEndObject();
                begin = end;
            }

            writer.WriteEndObject();
        }

        while (json.Length % 8 != 0) json.WriteByte((byte)' ');
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        file.Write(length);
        file.Write(json.GetBuffer().AsSpan(0, (int)json.Length));
    }

    private static void WriteData(FileStream file, TensorRecipe tensor, CancellationToken cancellationToken)
    {
        float[] row = new float[tensor.RowLength];
        ushort[] stored = new ushort[tensor.RowLength];
        for (int i = 0; i < tensor.RowCount; i++)
        {
            if (i % 256 == 0) cancellationToken.ThrowIfCancellationRequested();
            tensor.FillRow(i, row);
            for (int j = 0; j < row.Length; j++) stored[j] = ((BFloat16)row[j]).Bits;
            if (!BitConverter.IsLittleEndian) BinaryPrimitives.ReverseEndianness(stored, stored);
            file.Write(MemoryMarshal.AsBytes(stored.AsSpan()));
        }
    }
}

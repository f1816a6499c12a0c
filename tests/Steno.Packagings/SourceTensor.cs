using System.Buffers.Binary;
using System.Text.Json;

namespace Steno.Packagings;

/// <summary>A tensor of a checkpoint in the original layout, read with nothing but the description of the format.</summary>
internal sealed record SourceTensor(string Name, string DType, long[] Shape, byte[] Data)
{
    /// <summary>Reads the tensors of a file one after the other.</summary>
    public static IEnumerable<SourceTensor> ReadAll(string path)
    {
        using FileStream file = File.OpenRead(path);
        byte[] length = new byte[8];
        file.ReadExactly(length);
        byte[] header = new byte[BinaryPrimitives.ReadInt64LittleEndian(length)];
        file.ReadExactly(header);
        using JsonDocument json = JsonDocument.Parse(header);
        foreach (JsonProperty entry in json.RootElement.EnumerateObject().Where(entry => entry.Name != "__metadata__"))
        {
            long begin = entry.Value.GetProperty("data_offsets")[0].GetInt64();
            long end = entry.Value.GetProperty("data_offsets")[1].GetInt64();
            byte[] data = new byte[end - begin];
            file.Position = 8 + header.Length + begin;
            file.ReadExactly(data);
            long[] shape = [.. entry.Value.GetProperty("shape").EnumerateArray().Select(dimension => dimension.GetInt64())];
            yield return new SourceTensor(entry.Name, entry.Value.GetProperty("dtype").GetString()!, shape, data);
        }
    }

    /// <summary>The values, of F32 or BF16.</summary>
    public float[] Values()
    {
        if (DType == "F32") return [.. Enumerable.Range(0, Data.Length / 4).Select(i => BitConverter.ToSingle(Data, 4 * i))];
        if (DType != "BF16") throw new NotSupportedException($"{Name} is {DType}.");
        float[] values = new float[Data.Length / 2];
        for (int i = 0; i < values.Length; i++) values[i] = BitConverter.UInt32BitsToSingle((uint)(Data[2 * i] | (Data[(2 * i) + 1] << 8)) << 16);
        return values;
    }
}

using Steno.Checkpoints.Packed;
using Steno.Formats.Safetensors;
using Steno.Tensors;

namespace Steno.Tests.Checkpoints.Packed;

/// <summary>One linear layer in a file of its own, read as a checkpoint reads each of its layers.</summary>
internal sealed class TestModule : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly SafetensorsFile _file;
    private readonly int _columnCount;

    /// <summary>Writes the file.</summary>
    /// <param name="columnCount">Width of the matrix.</param>
    /// <param name="parts">The tensors, named by what stands behind the module's name.</param>
    public TestModule(int columnCount, params StoredTensor[] parts)
    {
        _columnCount = columnCount;
        _file = SafetensorsFile.Open(_directory.Write("model.safetensors", SafetensorsWriter.Write([.. parts.Select(part => part with { Name = "m.x." + part.Name })])));
    }

    /// <summary>The matrix as the file stores it.</summary>
    public TensorView View()
    {
        string[] names = [.. _file.Names.Order(StringComparer.Ordinal)];
        Assert.True(ModuleReader.TryRead(new ModuleTensors(_file, names, "m.x", _columnCount), out TensorView view));
        return view;
    }

    /// <summary>Its values, row after row.</summary>
    public float[] Values()
    {
        TensorView view = View();
        using AlignedBuffer<float> values = view.ReadFloats();
        return values.Span.ToArray();
    }

    public static StoredTensor Bytes(string name, string dtype, long[] shape, params byte[] data) => new(name, dtype, shape, data);

    public static StoredTensor Floats(string name, long[] shape, params float[] values) => new(name, "F32", shape, [.. values.SelectMany(BitConverter.GetBytes)]);

    public static StoredTensor Integers(string name, string dtype, long[] shape, params long[] values) =>
        new(name, dtype, shape, [.. values.SelectMany(value => dtype == "I64" ? BitConverter.GetBytes(value) : BitConverter.GetBytes((int)value))]);

    /// <summary>A tensor whose bytes have their halves exchanged.</summary>
    public static StoredTensor Swapped(StoredTensor tensor) => tensor with { Data = [.. tensor.Data.Select(value => (byte)((value << 4) | (value >> 4)))] };

    public void Dispose()
    {
        _file.Dispose();
        _directory.Dispose();
    }
}

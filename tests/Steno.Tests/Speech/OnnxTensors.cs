using System.Buffers.Binary;
using System.Text;

namespace Steno.Tests.Speech;

/// <summary>Float tensors of an ONNX file, in the subgraphs of If nodes too: as much of protobuf as that takes.</summary>
internal sealed class OnnxTensors
{
    private readonly Dictionary<string, byte[]> _tensors = new(StringComparer.Ordinal);

    public OnnxTensors(byte[] model)
    {
        // ModelProto: graph = 7.
        foreach (ReadOnlyMemory<byte> graph in All(model, 7)) AddGraph(graph);
    }

    /// <summary>The values of a tensor.</summary>
    public float[] this[string name]
    {
        get
        {
            byte[] raw = _tensors[name];
            return [.. Enumerable.Range(0, raw.Length / 4).Select(i => BinaryPrimitives.ReadSingleLittleEndian(raw.AsSpan(4 * i)))];
        }
    }

    // GraphProto: node = 1, initializer = 5. NodeProto: output = 2, attribute = 5. AttributeProto: t = 5, g = 6. TensorProto: name = 8, raw_data = 9.
    private void AddGraph(ReadOnlyMemory<byte> graph)
    {
        foreach (ReadOnlyMemory<byte> initializer in All(graph, 5)) Add(Text(initializer, 8), initializer);
        foreach (ReadOnlyMemory<byte> node in All(graph, 1))
        {
            foreach (ReadOnlyMemory<byte> attribute in All(node, 5))
            {
                foreach (ReadOnlyMemory<byte> tensor in All(attribute, 5)) Add(Text(node, 2), tensor);
                foreach (ReadOnlyMemory<byte> subgraph in All(attribute, 6)) AddGraph(subgraph);
            }
        }
    }

    private void Add(string name, ReadOnlyMemory<byte> tensor)
    {
        foreach (ReadOnlyMemory<byte> raw in All(tensor, 9)) _tensors[name] = raw.ToArray();
    }

    private static string Text(ReadOnlyMemory<byte> message, int number) => Encoding.UTF8.GetString(All(message, number).FirstOrDefault().Span);

    private static IEnumerable<ReadOnlyMemory<byte>> All(ReadOnlyMemory<byte> message, int number)
    {
        int at = 0;
        while (at < message.Length)
        {
            ulong key = Varint(message, ref at);
            int length = 0;
            switch (key & 7)
            {
                case 0: Varint(message, ref at); break;
                case 1: at += 8; break;
                case 5: at += 4; break;
                default:
                    length = (int)Varint(message, ref at);
                    if ((int)(key >> 3) == number) yield return message.Slice(at, length);
                    at += length;
                    break;
            }
        }
    }

    private static ulong Varint(ReadOnlyMemory<byte> message, ref int at)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte part = message.Span[at++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80) return value;
        }
    }
}

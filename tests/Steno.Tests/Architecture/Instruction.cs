using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace Steno.Tests.Architecture;

/// <summary>One instruction of a method body (ECMA-335, partition III), with the metadata token it carries, if any.</summary>
internal readonly record struct Instruction(OpCode Code, EntityHandle Token)
{
    // Two-byte instructions begin with 0xFE.
    private const byte Prefix = 0xFE;

    private static readonly Dictionary<ushort, OpCode> Codes = typeof(OpCodes).GetFields()
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => (ushort)code.Value);

    public static IReadOnlyList<Instruction> ReadAll(MethodBodyBlock body)
    {
        var instructions = new List<Instruction>();
        BlobReader reader = body.GetILReader();
        while (reader.RemainingBytes > 0)
        {
            byte first = reader.ReadByte();
            OpCode code = Codes[first == Prefix ? (ushort)((Prefix << 8) | reader.ReadByte()) : first];
            EntityHandle token = default;
            switch (code.OperandType)
            {
                case OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineSig or OperandType.InlineTok or OperandType.InlineType:
                    token = (EntityHandle)MetadataTokens.Handle(reader.ReadInt32());
                    break;
                case OperandType.InlineSwitch:
                    int targetCount = reader.ReadInt32();
                    reader.Offset += sizeof(int) * targetCount;
                    break;
                default:
                    reader.Offset += OperandBytes(code.OperandType);
                    break;
            }

            instructions.Add(new Instruction(code, token));
        }

        return instructions;
    }

    private static int OperandBytes(OperandType type) => type switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        _ => 4,
    };
}

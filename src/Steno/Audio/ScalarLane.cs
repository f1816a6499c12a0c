namespace Steno.Audio;

/// <summary>One frame: the plain scalar form.</summary>
internal readonly unsafe struct ScalarLane(float value) : IFrameLanes<ScalarLane>
{
    private readonly float _value = value;

    public static int Count => 1;

    public static ScalarLane Create(float value) => new(value);

    public static ScalarLane Load(float* source) => new(*source);

    public static void Store(ScalarLane value, float* destination) => *destination = value._value;

    public static ScalarLane MultiplyAdd(ScalarLane left, ScalarLane right, ScalarLane addend) =>
        new(float.MultiplyAddEstimate(left._value, right._value, addend._value));

    public static ScalarLane operator +(ScalarLane left, ScalarLane right) => new(left._value + right._value);

    public static ScalarLane operator -(ScalarLane left, ScalarLane right) => new(left._value - right._value);

    public static ScalarLane operator *(ScalarLane left, ScalarLane right) => new(left._value * right._value);
}

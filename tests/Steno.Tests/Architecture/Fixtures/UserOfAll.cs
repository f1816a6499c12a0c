#pragma warning disable MA0048, IDE0060, CS0649, CA1822, CA1064 // One small type for each way to name a type, side by side; nothing of it runs.
namespace Steno.Tests.Architecture.Fixtures;

internal class UsedAsBase;

internal interface IUsedAsInterface;

internal interface IUsedAsConstraint;

[AttributeUsage(AttributeTargets.Method)]
internal sealed class UsedAsAttribute : Attribute;

internal sealed class UsedAsField;

internal struct UsedAsElement;

internal struct UsedAsParameter;

internal struct UsedAsResult;

internal sealed class UsedAsTypeArgument;

internal static class UsedByStaticCall
{
    public static void Call()
    {
    }
}

internal sealed class UsedByTypeOf;

internal sealed class UsedByCast;

internal sealed class UsedAsCaughtException : Exception;

internal sealed class UsedInClosure;

internal sealed class UsedAsync;

internal static class UsedByFunctionPointer
{
    public static void Call()
    {
    }
}

internal sealed class UsedAsMethodArgument;

internal sealed class NotUsed;

internal sealed class UserOfAll : UsedAsBase, IUsedAsInterface
{
    public UsedAsField? Field;

    [UsedAs]
    public UsedAsResult Method(UsedAsParameter parameter, UsedAsElement[] elements) => default;

    public void Constrained<T>(List<UsedAsTypeArgument> list)
        where T : IUsedAsConstraint
    {
    }

    public unsafe string Body(object value)
    {
        try
        {
            UsedByStaticCall.Call();
            delegate*<void> call = &UsedByFunctionPointer.Call;
            call();
            return value is UsedByCast ? typeof(UsedByTypeOf).Name : string.Join(',', Enumerable.Empty<UsedAsMethodArgument>());
        }
        catch (UsedAsCaughtException)
        {
            return string.Empty;
        }
    }

    public Func<object> Closure(int count) => () => count > 0 ? new UsedInClosure() : string.Empty;

    public async Task<object> WaitAsync()
    {
        await Task.Yield();
        return new UsedAsync();
    }
}

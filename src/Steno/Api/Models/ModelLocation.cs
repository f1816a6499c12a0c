using Steno.Hub;

namespace Steno;

/// <summary>Finds the directory or file that a name or a path of a model stands for.</summary>
internal static class ModelLocation
{
    /// <summary>A short name is one of the store; anything else is a path where there is one, else a name of the store.</summary>
    /// <exception cref="ModelFormatException">The model is not installed, or not whole.</exception>
    public static string PathOf(string nameOrPath) => Find(nameOrPath).Path;

    /// <summary>As <see cref="PathOf"/>, with the model of the store that it is; null where it is none of the store.</summary>
    /// <exception cref="ModelFormatException">The model is not installed, or not whole.</exception>
    public static (string Path, InstalledModel? Installed) Find(string nameOrPath)
    {
        if (nameOrPath == AsrModel.BuiltInName) return (BuiltInDirectory(), null);
        bool isShort = ModelName.IsShort(nameOrPath);
        if (!isShort && (Directory.Exists(nameOrPath) || File.Exists(nameOrPath))) return (nameOrPath, null);
        if (!ModelName.TryParse(nameOrPath, out ModelName? name)) return (nameOrPath, null);

        ModelStore store = ModelStore.Default;
        if (!store.TryFind(nameOrPath, out InstalledModel? model))
        {
            string problem = isShort ? "the model is not installed" : "there is neither such a directory nor an installed model of that name";
            throw new ModelFormatException($"{problem}. To install it: steno pull {name.Text}", nameOrPath);
        }

        return model.IsWhole
            ? (model.Directory, model)
            : throw new ModelFormatException($"the model is not installed whole: {model.Problem}. To go on: steno pull {name.Text}", nameOrPath);
    }

    private static string BuiltInDirectory()
    {
        string directory = Path.Combine(AppContext.BaseDirectory, "models", AsrModel.BuiltInName);
        return Directory.Exists(directory)
            ? directory
            : throw new ModelFormatException("the built-in model is not beside the program; copy the folder models/tiny-asr of Steno there, or name another model", directory);
    }
}

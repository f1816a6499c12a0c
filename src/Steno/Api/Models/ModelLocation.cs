using Steno.Files;
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
        if (FileNames.IsLost(nameOrPath)) throw new ModelFormatException(FileNames.Problem + ": rename it", nameOrPath);
        if (!ModelName.TryParse(nameOrPath, out ModelName? name)) return IsName(nameOrPath) ? throw Unknown(nameOrPath) : (nameOrPath, null);

        ModelStore store = ModelStore.Default;
        if (!store.TryFind(nameOrPath, out InstalledModel? model))
        {
            string problem = isShort ? "the model is not installed" : "there is neither such a directory nor an installed model of that name";
            throw new ModelFormatException($"{problem}. To install it: steno pull {name.Text}. Models that are here: {Installed()}", nameOrPath);
        }

        return model.IsWhole
            ? (model.Directory, model)
            : throw new ModelFormatException($"the model is not installed whole: {model.Problem}. To go on: steno pull {name.Text}", nameOrPath);
    }

    // A word alone: what has a folder before it or an extension of files behind it is meant as a path.
    private static bool IsName(string text) => Path.GetFileName(text) == text && !text.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase);

    private static ModelFormatException Unknown(string name) =>
        new($"there is no model, directory or file of that name. Models that are here: {Installed()}. Others are installed with steno pull: {ModelName.Expected}", name);

    private static string Installed()
    {
        IEnumerable<string> names = [];
        try
        {
            names = ModelStore.Default.List().Where(model => model.IsWhole && model.Kind == ModelKind.SpeechToText).Select(model => model.Name);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A store that cannot be read has nothing to offer.
        }

        return string.Join(", ", names.Prepend(AsrModel.BuiltInName));
    }

    private static string BuiltInDirectory()
    {
        string directory = Path.Combine(AppContext.BaseDirectory, "models", AsrModel.BuiltInName);
        return Directory.Exists(directory)
            ? directory
            : throw new ModelFormatException("the built-in model is not beside the program; copy the folder models/tiny-asr of Steno there, or name another model", directory);
    }
}

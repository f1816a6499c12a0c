using Steno.Packagings;

// packagings FAMILY SOURCE TARGET [TWIN]: a checkpoint in another packaging, to measure with or to look at.
if (args is not [string name, string source, string target, ..])
{
    Console.Error.WriteLine("packagings FAMILY SOURCE TARGET [TWIN]\nFamilies: adapter, " + string.Join(", ", Family.All.Select(known => known.Name)));
    return 2;
}

string? twin = args.Length > 3 ? args[3] : null;
if (name == "adapter") AdapterWriter.Write(source, target, new AdapterOptions(), twin);
else PackagingWriter.Write(Family.All.First(known => known.Name == name), source, target, twin);
return 0;

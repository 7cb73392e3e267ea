namespace Ballast.Training;

/// <summary>Finds out what a recipe means by its data: a name is a part where the data has such a part, otherwise a data set of its own.</summary>
internal sealed class TrainingDataChoice(TrainingRecipe recipe, LoadOptions options, DatasetSplit? kept, int seed) : IDisposable
{
    /// <summary>What validation gets of a data set without parts.</summary>
    private const double ValidationShare = 0.2;
    private const string TrainName = "train";
    private const string ValidationName = "val";

    private readonly List<FileTree> _opened = [];
    private readonly List<string> _notes = [];
    private DetectionDataset? _data;
    private DatasetSplit? _split;

    /// <summary>The data, looked at and found usable.</summary>
    public TrainingData Open()
    {
        if (recipe.Data is { } path) _data = Load(path);
        var (train, validation) = Choose();
        (train, validation) = (Usable(train, "train on"), Usable(validation, "validate on"));
        NoteCommonImages(train, validation);
        return new(train, SameClasses(train, validation), _split, _notes, _opened);
    }

    public void Dispose()
    {
        foreach (var tree in _opened) tree.Dispose();
    }

    private (DetectionDataset Train, DetectionDataset Validation) Choose()
    {
        var train = recipe.TrainOn is { } trainOn ? Named(trainOn, "train") : null;
        var validation = recipe.ValidateOn is { } validateOn ? Named(validateOn, "validate") : null;
        if (train is not null && validation is not null) return (train, validation);
        if (_data is null) throw new InputException($"The recipe names no data{(train is null ? " to train on" : " to validate on")}; give DATA, or both --train and --validate.");
        if (kept is not null) return Dealt(kept, train ?? _data);
        train ??= PartOf("train") ?? PartOf("trainval");
        validation ??= PartOf("val") ?? PartOf("test");
        return (train, validation) switch
        {
            ({ } learned, { } measured) => (learned, measured),
            (null, { } measured) => (Without(_data, measured), measured),
            var (learned, _) => Dealt(DatasetSplit.Stratified(learned ?? _data, [(TrainName, 1 - ValidationShare), (ValidationName, ValidationShare)], seed), learned ?? _data),
        };
    }

    /// <summary>The two parts of a split.</summary>
    private (DetectionDataset Train, DetectionDataset Validation) Dealt(DatasetSplit split, DetectionDataset data)
    {
        _split = split;
        _notes.Add($"{data.Name}: {(kept is null ? "no part to validate on, so a stratified share of the images is kept for it" : "the split of the run so far")}: {string.Join(", ", split.Parts.Select(part => $"{part.Name} {part.Images.Count:N0} images"))} (seed {split.Seed}, kept in split.json)");
        return (split.Of(data, TrainName), split.Of(data, ValidationName));
    }

    /// <summary>Parts by name, joined by commas; "trainval" is train and val where no part is called so; else a data set of its own.</summary>
    private DetectionDataset Named(string name, string option)
    {
        var exists = File.Exists(name) || Directory.Exists(name);
        if (_data is null) return exists ? Load(name) : throw new InputException($"'{name}' does not exist, and no data is named that it could be a part of. Give DATA, or a data set to {option} on.");
        var known = _data.Images.PartNames;
        if (exists && !name.Split(',').All(word => known.Any(part => Means(part, word)))) return Load(name);
        string[] words = name == "trainval" && !known.Contains(name) && known.Any(part => Means(part, "train")) && known.Any(part => Means(part, "val")) ? ["train", "val"] : name.Split(',');
        var parts = words.Select(word => PartName.Choose(word.Trim(), known, _data.Source.Path)).ToHashSet(StringComparer.Ordinal);
        return Select(_data, image => _data.Images.Part(image) >= 0 && parts.Contains(known[_data.Images.Part(image)]), $"{_data.Name} ({string.Join(" + ", words)})");
    }

    private static bool Means(string part, string word) => part == word || PartName.Common(part) == PartName.Common(word.Trim());

    private DetectionDataset? PartOf(string common)
    {
        var parts = _data!.Images.PartNames;
        var own = Enumerable.Range(0, parts.Count).Where(part => PartName.Common(parts[part]) == common).ToHashSet();
        return own.Count == 0 ? null : Select(_data, image => own.Contains(_data.Images.Part(image)), $"{_data.Name} ({parts[own.First()]})");
    }

    private static DetectionDataset Without(DetectionDataset data, DetectionDataset measured)
    {
        var files = Enumerable.Range(0, measured.Images.Count).Select(measured.Images.File).ToHashSet(StringComparer.Ordinal);
        var rest = Select(data, image => !files.Contains(data.Images.File(image)), $"{data.Name} (without {measured.Name})");
        return rest.Images.Count > 0 ? rest : throw new InputException($"All images of '{data.Name}' are what is validated on, so none is left to train on. Give --train.");
    }

    private static DetectionDataset Select(DetectionDataset data, Func<int, bool> isIn, string name) => data.Subset([.. Enumerable.Range(0, data.Images.Count).Where(isIn)], name);

    private DetectionDataset Load(string path)
    {
        var data = DetectionDataset.Load(path, options);
        _opened.Add(data.Source.Tree);
        return data;
    }

    private DetectionDataset Usable(DetectionDataset data, string purpose)
    {
        if (data.Images.Count == 0) throw new InputException($"'{data.Name}' has no image to {purpose}.");
        var (usable, note) = UsableImages.Of(data, options.Flaws == FlawPolicy.Strict, options.Cancellation);
        if (note is not null) _notes.Add(note);
        var objects = Enumerable.Range(0, usable.Boxes.Count).Count(box => usable.Boxes.Class(box) >= 0 && !usable.Boxes.IsIgnored(box));
        if (objects == 0) throw new InputException($"'{usable.Name}' has {Phrases.Count(usable.Images.Count, "image", "images")} and no box, so there is nothing to {purpose}. Check its annotations with: ballast diagnose {Shell.Quote(usable.Source.Path)}");
        _notes.Add($"{purpose}: {usable.Name}, {Phrases.Count(usable.Images.Count, "image", "images")}, {Phrases.Count(objects, "object", "objects")}");
        return usable;
    }

    /// <summary>Validation with the classes in training's order.</summary>
    private static DetectionDataset SameClasses(DetectionDataset train, DetectionDataset validation)
    {
        string[] missing = [.. train.Classes.Except(validation.Classes, StringComparer.Ordinal)];
        string[] extra = [.. validation.Classes.Except(train.Classes, StringComparer.Ordinal)];
        if (missing.Length + extra.Length == 0) return validation.WithClassOrder([.. train.Classes]);
        List<string> said = [];
        if (missing.Length > 0) said.Add($"only '{train.Name}' has {Phrases.List(missing)}");
        if (extra.Length > 0) said.Add($"only '{validation.Name}' has {Phrases.List(extra)}");
        throw new InputException($"What is trained and validated on must have the same classes: {string.Join("; ", said)}. Give both the same list of classes.");
    }

    private void NoteCommonImages(DetectionDataset train, DetectionDataset validation)
    {
        if (train.Source.Path != validation.Source.Path) return;
        var files = Enumerable.Range(0, train.Images.Count).Select(train.Images.File).ToHashSet(StringComparer.Ordinal);
        var both = Enumerable.Range(0, validation.Images.Count).Count(image => files.Contains(validation.Images.File(image)));
        if (both > 0) _notes.Add($"{Phrases.Count(both, "image is", "images are")} trained on and validated on: validation then says how well they were memorised, and nothing of new images");
    }
}

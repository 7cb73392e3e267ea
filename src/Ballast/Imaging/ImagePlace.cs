namespace Ballast;

/// <summary>Where an image's file was found.</summary>
public sealed class ImagePlace
{
    internal ImagePlace(FileTree tree, string entry)
    {
        Tree = tree;
        Entry = entry;
    }

    /// <summary>The file as a person would find it: a path, or a path in a zip.</summary>
    public string Display => Tree.Display(Entry);

    /// <summary>The folder or zip it stands in.</summary>
    internal FileTree Tree { get; }

    /// <summary>Its path in <see cref="Tree"/>.</summary>
    internal string Entry { get; }

    /// <summary>Opens the file for reading. Safe to call from several threads.</summary>
    /// <exception cref="InputException">It cannot be read.</exception>
    public Stream Open() => Tree.Open(Entry);

    /// <inheritdoc/>
    public override string ToString() => Display;
}

/// <summary>How looking for an image's file ended.</summary>
public enum ImageSearchOutcome
{
    /// <summary>It was found.</summary>
    Found,

    /// <summary>No place searched has it.</summary>
    Missing,

    /// <summary>Several files could be meant; none was guessed.</summary>
    Ambiguous,

    /// <summary>It exists, but outside the places that may be read.</summary>
    Outside,
}

/// <summary>What looking for an image's file gave.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Place">The file, when it was found.</param>
/// <param name="Detail">For people: the files that could be meant, or where the path leads; else empty.</param>
public sealed record ImageSearch(ImageSearchOutcome Outcome, ImagePlace? Place, string Detail);

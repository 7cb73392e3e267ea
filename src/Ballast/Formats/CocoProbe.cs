namespace Ballast;

/// <summary>Tells COCO from other json by the first bytes of a file: an object whose images, annotations or categories look like COCO's.</summary>
internal static class CocoProbe
{
    private const int Window = 1 << 16;

    /// <summary>Whether a file of a tree is COCO; false when it cannot be read.</summary>
    public static bool IsCoco(FileTree tree, string entry)
    {
        var head = new byte[Window];
        int length;
        try
        {
            using var stream = tree.OpenForward(entry);
            length = stream.ReadAtLeast(head, Window, throwOnEndOfStream: false);
        }
        catch (Exception e) when (e is InputException or IOException or InvalidDataException)
        {
            return false;
        }

        return IsCoco(head.AsMemory(0, length));
    }

    /// <summary>Whether these bytes, the first of a file, begin a COCO file.</summary>
    internal static bool IsCoco(ReadOnlyMemory<byte> head)
    {
        var evidence = new Evidence { IsCut = head.Length == Window };
        try
        {
            var scanner = new JsonScanner(new MemoryStream(head.ToArray(), writable: false), "", Window);
            if (scanner.Peek() != JsonKind.Object) return false;
            scanner.EnterObject();
            while (!evidence.IsDecided && scanner.NextProperty(out var name)) Look(scanner, name, evidence);
        }
        catch (InputException)
        {
            // Cut by the window, or no JSON: what was seen until there decides.
        }

        return evidence.IsCoco;
    }

    private static void Look(JsonScanner scanner, ReadOnlySpan<byte> name, Evidence evidence)
    {
        if (name.SequenceEqual("images"u8)) LookInside(scanner, evidence, Table.Images);
        else if (name.SequenceEqual("annotations"u8)) LookInside(scanner, evidence, Table.Annotations);
        else if (name.SequenceEqual("categories"u8)) LookInside(scanner, evidence, Table.Categories);
        else scanner.Skip();
    }

    private static void LookInside(JsonScanner scanner, Evidence evidence, Table table)
    {
        if (scanner.Peek() != JsonKind.Array)
        {
            scanner.Skip();
            return;
        }

        evidence.Tables |= table;
        scanner.EnterArray();
        var first = true;
        while (scanner.NextElement())
        {
            if (first && scanner.Peek() == JsonKind.Object) LookAtElement(scanner, evidence, table);
            else if (first) evidence.Tables &= ~table;
            if (evidence.IsDecided) return;
            if (!first || (evidence.Tables & table) == 0) scanner.Skip();
            first = false;
        }
    }

    private static void LookAtElement(JsonScanner scanner, Evidence evidence, Table table)
    {
        scanner.EnterObject();
        while (!evidence.IsDecided && scanner.NextProperty(out var name))
        {
            if (name.SequenceEqual("id"u8)) evidence.HasId = true;
            evidence.NamesImage |= table == Table.Annotations && name.SequenceEqual("image_id"u8);
            evidence.IsPrediction |= table == Table.Annotations && name.SequenceEqual("score"u8);
            evidence.DescribesImage |= table == Table.Images && (name.SequenceEqual("file_name"u8) || name.SequenceEqual("coco_url"u8));
            scanner.Skip();
        }
    }

    [Flags]
    private enum Table
    {
        Images = 1,
        Annotations = 2,
        Categories = 4,
    }

    private sealed class Evidence
    {
        public Table Tables { get; set; }

        /// <summary>Whether the file is longer than what was looked at.</summary>
        public bool IsCut { get; init; }

        public bool HasId { get; set; }

        public bool NamesImage { get; set; }

        public bool DescribesImage { get; set; }

        public bool IsPrediction { get; set; }

        /// <summary>Images that have a file and an id can be nothing else; annotations may still turn out to be predictions.</summary>
        public bool IsDecided => IsPrediction || (DescribesImage && HasId);

        public bool IsCoco => !IsPrediction && (DescribesImage || NamesImage || (Tables.HasFlag(Table.Images) && Tables != Table.Images)
            || Tables == (Table.Annotations | Table.Categories) || (Tables == Table.Categories && HasId && IsCut));
    }
}

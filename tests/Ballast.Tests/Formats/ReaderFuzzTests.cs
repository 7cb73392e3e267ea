using CsCheck;

namespace Ballast.Tests.Formats;

/// <summary>Whatever bytes a file holds, reading gives a data set or a sentence, never another exception.</summary>
public class ReaderFuzzTests
{
    private static readonly (string Path, string Text)[] Voc = [("Annotations/a.xml", PascalVocTests.Xml("a")), ("ImageSets/Main/train.txt", "a\nb\n"), ("labelmap.txt", "# x\ncat:1,2,3::\n")];

    private static readonly (string Path, string Text)[] Yolo =
    [
        ("labels/a.txt", "0 0.5 0.5 0.1 0.1\n1 0.1 0.1 0.2 0.1 0.2 0.2\n"), ("data.yaml", "path: .\ntrain: images\nval: [images]\nnames:\n  0: cat\n  1: dog\nnc: 2\nx: &a [1]\ny: *a\n"),
        ("obj.data", "classes = 2\ntrain = data/train.txt\nnames = obj.names\n"), ("obj.names", "cat\ndog\n"), ("train.txt", "images/a.png\n"),
    ];

    private static readonly (string Path, string Text)[] OpenImages =
    [
        ("train-annotations-bbox.csv", "ImageID,LabelName,XMin,XMax,YMin,YMax,IsGroupOf\na,/m/1,0,1,\"0,5\",1,0\n"), ("class-descriptions.csv", "/m/1,\"one, two\"\n"),
        ("train-images.csv", "ImageID,Subset,Rotation\na,train,90\n"), ("labels.csv", "ImageID,LabelName,Confidence\na,/m/1,0\n"),
    ];

    private static readonly string[] Pieces = ["\0", "\"", "<", ">", "&", "&#0;", "]]>", "<!DOCTYPE a [", "\uFEFF", "*", "&x ", "!!x ", "---\n", "{", "[", ": ", "\t", "\r", "../", "NaN", "-1", "1e999", "99999999999999999999", ",", "|", "%", "é", "\n\n"];

    [Fact]
    public void Pascal_voc_survives_mutations() => Survives(Voc, "JPEGImages/a.png");

    [Fact]
    public void Yolo_survives_mutations() => Survives(Yolo, "images/a.png");

    [Fact]
    public void Open_images_survives_mutations() => Survives(OpenImages, "train/a.png");

    private static void Survives((string Path, string Text)[] files, string image)
        => Gen.Select(Gen.Int[0, files.Length - 1], Gen.Int[0, int.MaxValue], Gen.Int[0, 3], Gen.Int[0, Pieces.Length - 1], Gen.Byte).Sample(mutation =>
        {
            var (file, at, kind, piece, value) = mutation;
            using var folder = new AnnotationFolder();
            folder.AddImage(image);
            foreach (var (path, text) in files) folder.Add(path, text);
            var bytes = System.Text.Encoding.UTF8.GetBytes(files[file].Text);
            at %= bytes.Length;
            folder.Add(files[file].Path, kind switch
            {
                0 => [.. bytes[..at], value, .. bytes[(at + 1)..]],
                1 => [.. bytes[..at], .. System.Text.Encoding.UTF8.GetBytes(Pieces[piece]), .. bytes[at..]],
                2 => bytes[..at],
                _ => [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + 5)..]],
            });
            foreach (var path in (string[])[folder.Root, .. files.Select(made => folder[made.Path])])
            {
                try
                {
                    Assert.True(DetectionDataset.Load(path).Images.Count >= 0);
                }
                catch (InputException e)
                {
                    Assert.NotEmpty(e.Message);
                }
            }
        }, iter: 400);
}

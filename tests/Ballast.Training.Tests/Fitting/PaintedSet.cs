using System.Globalization;
using System.Text;

namespace Ballast.Training.Tests;

/// <summary>Painted scenes on disk, as COCO files: what a run reads.</summary>
internal static class PaintedSet
{
    /// <summary>Writes images and one annotation file, <c>NAME.json</c>.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="name">The file's name without its end.</param>
    /// <param name="scenes">The scenes, an image each.</param>
    /// <param name="classes">Class names in the file's order.</param>
    /// <param name="boxes">Whether the objects are annotated.</param>
    /// <returns>The annotation file.</returns>
    public static string Write(string folder, string name, IEnumerable<int> scenes, string[]? classes = null, bool boxes = true)
    {
        classes ??= ["red", "green", "blue"];
        var own = Directory.CreateDirectory(Path.Combine(folder, "images")).FullName;
        var (images, annotations, id) = (new List<string>(), new List<string>(), 0);
        foreach (var scene in scenes)
        {
            var file = $"{name}-{scene}.png";
            using (var stream = File.Create(Path.Combine(own, file))) ImageFile.Encode(PaintedScenes.Picture(scene), stream, ImageCodec.Png);
            images.Add(string.Create(CultureInfo.InvariantCulture, $$"""{"id":{{scene + 1}},"file_name":"images/{{file}}","width":{{PaintedScenes.Side}},"height":{{PaintedScenes.Side}}}"""));
            var truths = PaintedScenes.Truths(scene);
            for (var i = 0; boxes && i < truths.Count; i++)
            {
                var (box, @class) = (truths.Boxes[i], Array.IndexOf(classes, PaintedScenes.Facts.Classes[truths.Classes[i]]));
                annotations.Add(string.Create(CultureInfo.InvariantCulture, $$"""{"id":{{++id}},"image_id":{{scene + 1}},"category_id":{{@class + 1}},"bbox":[{{box.X1}},{{box.Y1}},{{box.Width}},{{box.Height}}],"area":{{box.Width * box.Height}},"iscrowd":0}"""));
            }
        }

        var categories = classes.Select((each, index) => $$"""{"id":{{index + 1}},"name":"{{each}}"}""");
        var path = Path.Combine(folder, $"{name}.json");
        File.WriteAllText(path, new StringBuilder("{\"images\":[").AppendJoin(",\n", images).Append("],\"annotations\":[").AppendJoin(",\n", annotations).Append("],\"categories\":[").AppendJoin(",", categories).Append("]}").ToString());
        return path;
    }
}

using System.Text;
using Ballast.Tests.Formats;

namespace Ballast.Tests.Cli;

/// <summary>A small data set on disk whose every number follows from its parameters.</summary>
internal static class SampleSet
{
    /// <summary>
    /// Pascal VOC, 640 x 480 px images without pixels. Every image has 6 boxes of the first class, every third one of the second, every tenth one of the third, small
    /// one; two boxes are flawed.
    /// </summary>
    public static AnnotationFolder Write(int images = 60, params string[] classes)
    {
        string[] names = classes.Length == 3 ? classes : ["car", "truck", "cyclist"];
        var folder = new AnnotationFolder();
        var parts = new[] { new StringBuilder(), new StringBuilder() };
        for (var i = 0; i < images; i++)
        {
            folder.Add($"Annotations/{i:0000}.xml", Image(i, names));
            parts[i % 5 == 0 ? 1 : 0].Append($"{i:0000}\n");
        }

        return folder.Add("ImageSets/Main/train.txt", parts[0].ToString()).Add("ImageSets/Main/val.txt", parts[1].ToString());
    }

    private static string Image(int index, string[] names)
    {
        var xml = new StringBuilder($"<annotation><filename>{index:0000}.jpg</filename><size><width>640</width><height>480</height><depth>3</depth></size>");
        for (var box = 0; box < 6; box++) Box(xml, names[0], 20 + ((index * 31) + (box * 97)) % 500, 30 + ((index * 17) + (box * 61)) % 350, 60 + (box * 8), 48);
        if (index % 3 == 0) Box(xml, names[1], 40 + (index * 7 % 400), 60 + (index * 11 % 250), 160, 120);
        if (index % 10 == 0) Box(xml, names[2], 100 + (index * 5 % 400), 90 + (index * 3 % 300), 9, 12);
        if (index == 1) Box(xml, names[0], 50, 50, 0, 10);
        if (index == 2) Box(xml, names[0], 600, 400, 80, 40);
        return xml.Append("</annotation>").ToString();
    }

    private static void Box(StringBuilder xml, string name, int x, int y, int width, int height)
        => xml.Append($"<object><name>{System.Security.SecurityElement.Escape(name)}</name><bndbox><xmin>{x}</xmin><ymin>{y}</ymin><xmax>{x + width}</xmax><ymax>{y + height}</ymax></bndbox></object>");
}

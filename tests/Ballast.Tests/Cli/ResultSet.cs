using System.Globalization;
using System.Text;

namespace Ballast.Tests.Cli;

/// <summary>A small truth and detections on disk whose figures follow by hand.</summary>
internal sealed class ResultSet : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ballast-results-").FullName;

    public string this[string name] => Path.Combine(_folder, name);

    public string Truth => this["truth.json"];

    public string Detections => this["found.json"];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public string Write(string name, string text)
    {
        File.WriteAllText(this[name], text);
        return this[name];
    }

    /// <summary>
    /// Two images, 640 x 480. Class "car": one object in each image, both found exactly; AP 1. Class "boat": two objects in image 1, one found exactly, under a false alarm
    /// of a higher score; precision at recall 0 to 0.5 is 1/2, so AP is 51/101 x 1/2. Class "never": no object.
    /// </summary>
    public static ResultSet Small(string car = "car", string boat = "boat")
    {
        var set = new ResultSet();
        set.Write("truth.json", $$"""
            {"images":[{"id":10,"file_name":"000010.jpg","width":640,"height":480},{"id":20,"file_name":"000020.jpg","width":640,"height":480}],
             "categories":[{"id":3,"name":{{Quoted(car)}}},{"id":7,"name":{{Quoted(boat)}}},{"id":9,"name":"never"}],
             "annotations":[
              {"id":1,"image_id":10,"category_id":3,"bbox":[10,10,50,50],"area":2500,"iscrowd":0},
              {"id":2,"image_id":20,"category_id":3,"bbox":[10,10,50,50],"area":2500,"iscrowd":0},
              {"id":3,"image_id":10,"category_id":7,"bbox":[200,100,100,100],"area":10000,"iscrowd":0},
              {"id":4,"image_id":10,"category_id":7,"bbox":[400,100,100,100],"area":10000,"iscrowd":0}]}
            """);
        set.Write("found.json", """
            [{"image_id":10,"category_id":3,"bbox":[10,10,50,50],"score":0.9},{"image_id":20,"category_id":3,"bbox":[10,10,50,50],"score":0.8},
             {"image_id":10,"category_id":7,"bbox":[10,300,100,100],"score":0.7},{"image_id":10,"category_id":7,"bbox":[200,100,100,100],"score":0.6}]
            """);
        return set;
    }

    /// <summary>
    /// 120 images with a car each and a boat in every tenth; a detector finds a share of each class, boxes exact, scores in order.
    /// </summary>
    public static ResultSet Large()
    {
        var set = new ResultSet();
        var (images, annotations) = (new StringBuilder(), new StringBuilder());
        for (var i = 1; i <= 120; i++)
        {
            images.Append(CultureInfo.InvariantCulture, $$"""{{(i > 1 ? "," : "")}}{"id":{{i}},"file_name":"{{i:D6}}.jpg","width":640,"height":480}""");
            annotations.Append(CultureInfo.InvariantCulture, $$"""{{(i > 1 ? "," : "")}}{"id":{{i}},"image_id":{{i}},"category_id":1,"bbox":[10,10,50,50],"area":2500,"iscrowd":0}""");
            if (i % 10 == 0) annotations.Append(CultureInfo.InvariantCulture, $$""",{"id":{{1000 + i}},"image_id":{{i}},"category_id":2,"bbox":[200,100,100,100],"area":10000,"iscrowd":0}""");
        }

        set.Write("truth.json", $$"""{"images":[{{images}}],"categories":[{"id":1,"name":"car"},{"id":2,"name":"boat"}],"annotations":[{{annotations}}]}""");
        return set;
    }

    /// <summary>Detections of <see cref="Large"/>: of ten cars and of four boats so many are found, beginning at a phase that stands for the seed.</summary>
    public string Detector(string name, int carsOfTen, int boatsOfFour, int phase = 0)
    {
        var rows = new List<string>();
        for (var i = 1; i <= 120; i++)
        {
            if ((i + phase) % 10 < carsOfTen) rows.Add(Row(i, 1, "[10,10,50,50]", i));
            if (i % 10 == 0 && ((i / 10) + phase) % 4 < boatsOfFour) rows.Add(Row(i, 2, "[200,100,100,100]", i));
        }

        return Write(name, $"[{string.Join(",", rows)}]");

        static string Row(int image, int @class, string box, int rank)
            => string.Create(CultureInfo.InvariantCulture, $$"""{"image_id":{{image}},"category_id":{{@class}},"bbox":{{box}},"score":{{0.99 - (rank * 0.005)}}}""");
    }

    private static string Quoted(string text) => System.Text.Json.JsonSerializer.Serialize(text);
}

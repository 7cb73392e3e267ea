namespace Ballast.Tests.Evaluation;

/// <summary>A truth and what a detector found in it, written down in a test.</summary>
internal sealed class Scene
{
    private readonly List<string> _classes = [];
    private readonly List<(long Id, int Width, int Height, string File)> _images = [];
    private readonly List<Truth> _truths = [];

    public sealed record Truth(int Image, int Class, double X, double Y, double Width, double Height)
    {
        public double Area { get; init; } = double.NaN;

        public BoxMarks Marks { get; init; }

        public long Id { get; init; } = DatasetBuilder.NoId;
    }

    public List<Truth> Truths => _truths;

    public List<Detection> Detections { get; init; } = [];

    public int ImageCount => _images.Count;

    public IReadOnlyList<long> ImageIds => [.. _images.Select(image => image.Id)];

    public int ClassCount => _classes.Count;

    public static Scene With(int classes, int images)
    {
        var scene = new Scene();
        for (var k = 0; k < classes; k++) scene._classes.Add($"class{k}");
        for (var i = 0; i < images; i++) scene.AddImage(i + 1);
        return scene;
    }

    public void AddClass(string name) => _classes.Add(name);

    public int AddImage(long id, int width = 640, int height = 480, string? file = null)
    {
        _images.Add((id, width, height, file ?? $"{id:D6}.jpg"));
        return _images.Count - 1;
    }

    public Scene Object(int image, int @class, double x, double y, double width, double height, BoxMarks marks = BoxMarks.None)
    {
        _truths.Add(new(image, @class, x, y, width, height) { Marks = marks });
        return this;
    }

    public Scene Found(int image, int @class, double x, double y, double width, double height, double score)
    {
        Detections.Add(new(image, @class, x, y, width, height, score));
        return this;
    }

    public DetectionDataset Dataset(string format = "coco", long[]? classIds = null)
    {
        var builder = new DatasetBuilder(BoxEncoding.CornerSize, FlawPolicy.Report);
        for (var k = 0; k < _classes.Count; k++) builder.AddClass(_classes[k], classIds?[k] ?? k + 1);
        foreach (var (id, width, height, file) in _images) builder.AddImage(id, file, width, height);
        foreach (var truth in _truths)
            builder.AddBox(truth.Image, truth.Class, truth.X, truth.Y, truth.Width, truth.Height, truth.Marks, truth.Id, truth.Area);
        return builder.Build("scene", new(format, "scene.json", new FolderTree(AppContext.BaseDirectory)));
    }

    public CocoEvaluation Evaluate(EvaluationOptions? options = null)
    {
        var data = Dataset();
        return CocoEvaluation.Of(data, DetectionTable.Create(data, Detections), options);
    }
}

#:sdk Microsoft.NET.Sdk.Web
#:project ../../src/Ballast.Training/Ballast.Training.csproj
#:property UsesTorch=true
// A trained detector behind an endpoint: one detector, any number of requests at once. Run: dotnet run samples/detect-endpoint/endpoint.cs -- runs/cells-1
// Then: curl --data-binary @photo.jpg http://localhost:5000/detect
using Ballast;
using Ballast.Training;

if (args is not [var run, ..])
{
    Console.Error.WriteLine("Give the folder of a training run: dotnet run samples/detect-endpoint/endpoint.cs -- runs/cells-1");
    return 2;
}

const long MostBytes = 20 << 20;
var builder = WebApplication.CreateBuilder(args[1..]);
builder.WebHost.ConfigureKestrel(server => server.Limits.MaxRequestBodySize = MostBytes);
builder.Services.AddSingleton(_ => TrainedDetector.Open(run));
var app = builder.Build();

// Opened here and not at the first request, so that a wrong folder ends the program and not a customer's call.
var detector = app.Services.GetRequiredService<TrainedDetector>();
app.MapGet("/classes", () => detector.Classes);
app.MapPost("/detect", async (HttpRequest request, int? tiles, CancellationToken cancellation) =>
{
    // The body is read whole before decoding: a slow client holds memory, never a thread.
    using var image = new MemoryStream();
    await request.Body.CopyToAsync(image, cancellation);
    image.Position = 0;
    try
    {
        var options = new DetectOptions { Slices = tiles is { } side ? new SliceOptions { TilePixels = side } : null, MaxMegapixels = 50, Cancellation = cancellation };
        var found = detector.Detect(image, options);
        return Results.Ok(found.Select(each => new { each.Name, each.Probability, Box = new[] { each.Box.X1, each.Box.Y1, each.Box.X2, each.Box.Y2 } }));
    }
    catch (InputException e)
    {
        return Results.Problem(e.Message, statusCode: StatusCodes.Status400BadRequest);
    }
});
app.Run();
return 0;

using System.Text.Json.Serialization;

namespace Ballast;

/// <summary>How a detector profile becomes the text in a summary's key, known when Ballast is built: finding out by reflection would take as long as counting 10,000 images.</summary>
[JsonSerializable(typeof(DetectorProfile))]
[JsonSerializable(typeof(AnchorLevelOptions))]
[JsonSerializable(typeof(float))]
internal sealed partial class ProfileJson : JsonSerializerContext;

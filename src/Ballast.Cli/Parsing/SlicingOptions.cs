using System.CommandLine;

namespace Ballast.Cli;

/// <summary>How large images are looked at in slices.</summary>
internal sealed class SlicingOptions
{
    private readonly Option<int?> _tiles = new("--tiles") { Description = "Look at images in slices of this side, pixels, and join what is found across their seams", HelpName = "N" };
    private readonly Option<double?> _overlap = new("--overlap") { Description = "Least share of a slice that neighbours have in common (default 0.2)", HelpName = "F" };
    private readonly Option<string?> _merge = new Option<string?>("--merge")
    {
        Description = "How boxes across seams are told to be one: smaller (default, joins pieces), or iou (as inside an image)",
        HelpName = "smaller|iou",
    }.AcceptWords("smaller", "iou");
    private readonly Option<bool> _noWhole = new("--no-whole") { Description = "Leave out the look at the whole image, which finds objects larger than a slice" };

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _tiles, _overlap, _merge, _noWhole }) command.Add(option);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_tiles) is null && (result.GetValue(_overlap) is not null || result.GetValue(_merge) is not null || result.GetValue(_noWhole)))
            {
                result.AddError("--overlap, --merge and --no-whole are about slices; give --tiles N with them.");
                return;
            }

            try
            {
                Of(result.GetValue(_tiles), result.GetValue(_overlap), result.GetValue(_merge), result.GetValue(_noWhole));
            }
            catch (InputException e)
            {
                result.AddError(e.Message);
            }
        });
    }

    /// <summary>The slices, or null for images as a whole.</summary>
    public SliceOptions? Of(ParseResult parsed) => Of(parsed.GetValue(_tiles), parsed.GetValue(_overlap), parsed.GetValue(_merge), parsed.GetValue(_noWhole));

    private static SliceOptions? Of(int? tiles, double? overlap, string? merge, bool noWhole)
    {
        if (tiles is not { } side) return null;
        var options = new SliceOptions { TilePixels = side, WholeImage = !noWhole, Rule = merge == "iou" ? SeamRule.Suppress : SeamRule.Smaller };
        return overlap is { } share ? options with { OverlapFraction = share } : options;
    }
}

using Spectre.Console;
using Spectre.Console.Rendering;

namespace Ballast.Cli;

/// <summary>Rows of short cells, one line each: the first column is names, cut where they are too long; the others are numbers, flush right.</summary>
internal sealed class TextTable
{
    private const int Indent = 2;
    private const int Gap = 2;

    private readonly Terminal _terminal;
    private readonly Grid _grid = new();
    private readonly int _nameWidth;
    private readonly int _columns;
    private readonly int[] _widths;

    /// <param name="terminal">Where it will be printed.</param>
    /// <param name="mostName">Most columns a name may take.</param>
    /// <param name="widths">Widths of the columns behind the names; those the terminal has no room for are left out, from the right.</param>
    public TextTable(Terminal terminal, int mostName, params ReadOnlySpan<int> widths)
    {
        const int leastName = 12;
        _terminal = terminal;
        _widths = widths.ToArray();
        var left = terminal.Info.Width - Indent - leastName;
        while (_columns < widths.Length && left >= widths[_columns] + Gap) left -= widths[_columns++] + Gap;
        _nameWidth = Math.Min(mostName, leastName + left);
        _grid.AddColumn(new GridColumn { Width = Indent, Padding = new Padding(0, 0, 0, 0) });
        _grid.AddColumn(new GridColumn { Width = _nameWidth, Padding = new Padding(0, 0, 0, 0), NoWrap = true });
        foreach (var width in widths[.._columns]) _grid.AddColumn(new GridColumn { Width = width, Padding = new Padding(Gap, 0, 0, 0), NoWrap = true, Alignment = Justify.Right });
    }

    /// <summary>Adds a row.</summary>
    public void Add(string name, params ReadOnlySpan<string> cells)
    {
        var row = new List<IRenderable> { new Text(""), _terminal.Cut(name, _nameWidth) };
        for (var i = 0; i < _columns; i++) row.Add(_terminal.Cut(cells[i], _widths[i]));
        _grid.AddRow([.. row]);
    }

    /// <summary>The lines.</summary>
    public IReadOnlyList<string> Lines => _terminal.Render(_grid);
}

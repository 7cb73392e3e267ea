namespace Ballast;

internal sealed partial class CocoReader
{
    private void ReadCategories()
    {
        _scanner.EnterArray();
        while (_scanner.NextElement())
        {
            if (_scanner.Peek() == JsonKind.Object)
            {
                ReadCategory();
                continue;
            }

            Flaws.Add(FlawCode.LineMalformed, _entry, $"a category at byte {_scanner.Offset}", "not an object");
            _scanner.Skip();
        }
    }

    private void ReadCategory()
    {
        var number = -1;
        var isNumberAsText = false;
        string? category = null, supercategory = null;
        _scanner.EnterObject();
        while (_scanner.NextProperty(out var name))
        {
            if (name.SequenceEqual("id"u8)) number = ReadId(_classIds, ref isNumberAsText);
            else if (name.SequenceEqual("name"u8)) category = ReadName();
            else if (name.SequenceEqual("supercategory"u8)) supercategory = ReadName();
            else _scanner.Skip();
        }

        if (isNumberAsText) Flaws.Add(FlawCode.NumberAsText, _entry, $"class '{category}'");
        _classes.Add(number, category, supercategory);
    }

    private string? ReadName()
    {
        if (_scanner.Peek() == JsonKind.String) return _scanner.ReadString();
        if (_scanner.TryReadInt64(out var number)) return number.ToString();
        _scanner.Skip();
        return null;
    }
}

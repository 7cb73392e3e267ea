using System.Runtime.CompilerServices;

namespace Ballast;

internal sealed partial class CocoReader
{
    private bool _hasMissingIds;

    /// <summary>What an annotation gets wrong beside its box.</summary>
    [Flags]
    private enum Slips
    {
        None = 0,
        NoId = 1,
        IdZero = 2,
        IdIsText = 4,
        NumberAsText = 8,
        NoCrowd = 16,
        NoArea = 32,
        NoImage = 64,
        NoClass = 128,
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ReadAnnotations()
    {
        _scanner.EnterArray();
        while (_scanner.NextElement())
        {
            if (_scanner.Peek() == JsonKind.Object)
            {
                ReadAnnotation();
                continue;
            }

            Flaws.Add(FlawCode.LineMalformed, _entry, $"an annotation at byte {_scanner.Offset}", "not an object");
            _scanner.Skip();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ReadAnnotation()
    {
        var annotation = new Annotation { Id = DatasetBuilder.NoId, Image = -1, Class = -1, X = double.NaN, Area = double.NaN, Slips = Slips.NoCrowd };
        _scanner.EnterObject();
        while (_scanner.NextProperty(out var name))
        {
            switch (name.Length)
            {
                case 2 when name.SequenceEqual("id"u8):
                    if (!_scanner.TryReadInt64(out annotation.Id)) ReadUnusualId(ref annotation);
                    break;
                case 4 when name.SequenceEqual("bbox"u8):
                    ReadBox(ref annotation);
                    break;
                case 4 when name.SequenceEqual("area"u8):
                    annotation.Area = _scanner.Peek() == JsonKind.Number ? _scanner.ReadDouble() : ReadNumber(ref annotation.IsNumberAsText);
                    break;
                case 8 when name.SequenceEqual("image_id"u8):
                    ReadImageId(ref annotation);
                    break;
                case 11 when name.SequenceEqual("category_id"u8):
                    annotation.Class = ReadId(_classIds, ref annotation.IsNumberAsText);
                    break;
                case 12 when name.SequenceEqual("segmentation"u8):
                    annotation.Segmentation = ReadSegmentation();
                    break;
                case 7 when name.SequenceEqual("iscrowd"u8):
                    annotation.Slips &= ~Slips.NoCrowd;
                    if (_scanner.TryReadInt64(out var crowd) ? crowd != 0 : ReadFlag(ref annotation.IsNumberAsText)) annotation.Marks |= BoxMarks.Crowd;
                    break;
                case 6 when name.SequenceEqual("ignore"u8):
                    if (ReadFlag(ref annotation.IsNumberAsText)) annotation.Marks |= BoxMarks.Ignore;
                    break;
                case 10 when name.SequenceEqual("attributes"u8):
                    ReadAttributes(ref annotation);
                    break;
                default:
                    _scanner.Skip();
                    break;
            }
        }

        Add(ref annotation);
    }

    /// <summary>Annotations stand in no order of images, so the table of ids is asked ahead of time and answers when the annotation has been read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ReadImageId(ref Annotation annotation)
    {
        NumberImage(ref annotation);
        annotation.HasImageId = _scanner.TryReadInt64(out annotation.ImageId);
        if (annotation.HasImageId) _imageIds.Prefetch(annotation.ImageId);
        else annotation.Image = ReadId(_imageIds, ref annotation.IsNumberAsText);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void NumberImage(ref Annotation annotation)
    {
        if (annotation.HasImageId) annotation.Image = _imageIds.Of(annotation.ImageId);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Add(ref Annotation annotation)
    {
        NumberImage(ref annotation);
        if (annotation.Id == DatasetBuilder.NoId) annotation.Slips |= Slips.NoId;
        if (annotation.Id == 0) annotation.Slips |= Slips.IdZero;
        if (annotation.IsNumberAsText) annotation.Slips |= Slips.NumberAsText;
        if (double.IsNaN(annotation.Area)) annotation.Slips |= Slips.NoArea;
        if (annotation.Image < 0) annotation.Slips |= Slips.NoImage;
        if (annotation.Class < 0) annotation.Slips |= Slips.NoClass;
        if (annotation.Slips != Slips.None) Report(annotation.Slips, builder.BoxCount, annotation.Id);
        builder.AddBox(
            annotation.Image, annotation.Class, annotation.X, annotation.Y, annotation.Width, annotation.Height,
            annotation.Marks, annotation.Id, annotation.Area, annotation.Segmentation);
    }

    private void Report(Slips slips, int box, long id)
    {
        _hasMissingIds |= slips.HasFlag(Slips.NoId);
        if (slips.HasFlag(Slips.IdIsText)) Report(FlawCode.TextId, box, id, "boxes have numbers for ids; numbered anew");
        else if (slips.HasFlag(Slips.NoId)) Report(FlawCode.AnnotationIdMissing, box, id);
        if (slips.HasFlag(Slips.IdZero)) Report(FlawCode.AnnotationIdZero, box, id);
        if (slips.HasFlag(Slips.NumberAsText)) Report(FlawCode.NumberAsText, box, id);
        if (slips.HasFlag(Slips.NoCrowd)) Report(FlawCode.IsCrowdMissing, box, id);
        if (slips.HasFlag(Slips.NoArea)) Report(FlawCode.AreaMissing, box, id);
        if (slips.HasFlag(Slips.NoImage)) Report(FlawCode.UnknownImage, box, id, "no image_id");
        if (slips.HasFlag(Slips.NoClass)) Report(FlawCode.UnknownClass, box, id, "no category_id");
    }

    private void Report(FlawCode code, int box, long id, string detail = "")
        => Flaws.Add(code, (this, box, id, detail), static (c, s) => new(c, s.Item1._entry, 0, s.Item1.Subject(s.box, s.id), s.detail));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ReadBox(ref Annotation annotation)
    {
        Span<double> numbers = stackalloc double[4];
        if (_scanner.TryReadDoubles(numbers))
        {
            (annotation.X, annotation.Y, annotation.Width, annotation.Height) = (numbers[0], numbers[1], numbers[2], numbers[3]);
            return;
        }

        if (_scanner.Peek() == JsonKind.Array) ReadUnusualBox(ref annotation);
        else _scanner.Skip();
    }

    private void ReadUnusualBox(ref Annotation annotation)
    {
        var count = 0;
        _scanner.EnterArray();
        while (_scanner.NextElement())
        {
            var value = ReadNumber(ref annotation.IsNumberAsText);
            switch (count++)
            {
                case 0: annotation.X = value; break;
                case 1: annotation.Y = value; break;
                case 2: annotation.Width = value; break;
                case 3: annotation.Height = value; break;
            }
        }

        if (count != 4) (annotation.X, annotation.Y, annotation.Width, annotation.Height) = (double.NaN, double.NaN, double.NaN, double.NaN);
    }

    private void ReadUnusualId(ref Annotation annotation)
    {
        annotation.Id = DatasetBuilder.NoId;
        switch (_scanner.Peek())
        {
            case JsonKind.String:
                var isNumber = IsWholeNumber(_scanner.ReadString(), out var number);
                if (isNumber) annotation.Id = number;
                annotation.IsNumberAsText |= isNumber;
                annotation.Slips |= isNumber ? Slips.None : Slips.IdIsText;
                break;
            case JsonKind.Number:
                var value = _scanner.ReadDouble();
                if (Math.Abs(value) < 1L << 53 && Math.Truncate(value) == value) annotation.Id = (long)value;
                break;
            default:
                _scanner.Skip();
                break;
        }
    }

    /// <summary>Where the segmentation stands; an empty one ([] or null) is none.</summary>
    private ByteRange ReadSegmentation()
    {
        if (_scanner.Peek() is not (JsonKind.Array or JsonKind.Object))
        {
            _scanner.Skip();
            return default;
        }

        var range = _scanner.SkipRange(_files.Count - 1);
        return range.Length <= 2 ? default : range;
    }

    private void ReadAttributes(ref Annotation annotation)
    {
        if (_scanner.Peek() != JsonKind.Object)
        {
            _scanner.Skip();
            return;
        }

        _scanner.EnterObject();
        while (_scanner.NextProperty(out var name))
        {
            var mark = CocoFormat.MarkOf(name);
            if (mark == BoxMarks.None) _scanner.Skip();
            else if (ReadFlag(ref annotation.IsNumberAsText)) annotation.Marks |= mark;
        }
    }

    private struct Annotation
    {
        public long Id;
        public long ImageId;
        public bool HasImageId;
        public int Image;
        public int Class;
        public double X;
        public double Y;
        public double Width;
        public double Height;
        public double Area;
        public BoxMarks Marks;
        public ByteRange Segmentation;
        public Slips Slips;
        public bool IsNumberAsText;
    }
}

namespace Ballast.Tests.Imaging;

public class LetteringTests
{
    [Theory]
    [InlineData("car", "car")]
    [InlineData("  traffic light ", "traffic light")]
    [InlineData("\u001b[31mred\u0007", "[31mred")]
    [InlineData("\u202Eevil\u202C", "evil")]
    [InlineData("caf\u00e9", "caf\uFFFD")]
    [InlineData("cat \U0001F469\u200D\U0001F467", "cat \uFFFD")]
    [InlineData("abcdefghijklmnop", "abcdefg\u2026")]
    public void A_name_becomes_what_can_be_drawn(string name, string drawable) => Assert.Equal(drawable, Lettering.Drawable(name, 8 + (name.Length > 12 && name[0] != 'a' ? 8 : 0)));

    [Theory]
    [InlineData("")]
    [InlineData("\u732b")]
    [InlineData("\u200B\u200B")]
    [InlineData("!?")]
    public void A_name_without_a_letter_or_digit_has_no_drawing(string name) => Assert.Null(Lettering.Drawable(name, 20));

    [Fact]
    public void Every_printable_character_has_ink_of_its_own_inside_its_width()
    {
        var seen = new HashSet<string>();
        for (var character = '!'; character <= '~'; character++)
        {
            var pixels = new Pixels(40, 40);
            new Lettering().Draw(pixels, 2, 2, character.ToString(), 3, new(255, 255, 255));
            var width = Lettering.Measure(character.ToString(), 3);
            var ink = 0;
            for (var y = 0; y < 40; y++)
            {
                for (var x = 0; x < 40; x++)
                {
                    var isInk = pixels.Row(y)[x * 4 + 3] > 0 && pixels.Row(y)[x * 4] > 0;
                    ink += isInk ? 1 : 0;
                    if (isInk) Assert.True(x >= 2 && x < 2 + width && y >= 2, $"'{character}' leaves its width at {x}, {y}");
                }
            }

            Assert.True(ink > 5, $"'{character}' has no ink");
            Assert.True(seen.Add(Convert.ToHexString(pixels.Bytes)), $"'{character}' looks like another character");
        }
    }

    [Fact]
    public void At_whole_scales_upright_strokes_are_crisp()
    {
        for (var scale = 1; scale <= 4; scale++)
        {
            var pixels = new Pixels(40, 40);
            new Lettering().Draw(pixels, 0, 0, "I", scale, new(255, 255, 255));
            var row = pixels.Row(3 * scale);
            for (var x = 0; x < 3 * scale; x++) Assert.Equal(x / scale == 1 ? 255 : 0, row[x * 4]);
        }
    }
}

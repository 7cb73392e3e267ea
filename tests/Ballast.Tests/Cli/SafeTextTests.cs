using CsCheck;
using Ballast.Cli;

namespace Ballast.Tests.Cli;

public class SafeTextTests
{
    [Theory]
    [InlineData("Platelets", "Platelets")]
    [InlineData("\u001b[31mred\u001b[0m", "\\x1B[31mred\\x1B[0m")]
    [InlineData("a\u009b2Jb", "a\\x9B2Jb")]
    [InlineData("a\nballast: all is well", "a\\nballast: all is well")]
    [InlineData("a\rb\tc\0", "a\\rb\\tc\\x00")]
    [InlineData("abc\u202egnp.exe", "abc\\u{202E}gnp.exe")]
    [InlineData("a\u2066b\u200fc\u2028d", "a\\u{2066}b\\u{200F}c\\u{2028}d")]
    [InlineData("Straße 中文 🚗", "Straße 中文 🚗")]
    [InlineData("[bold]x[/]", "[bold]x[/]")]
    public void What_is_not_visible_is_escaped(string text, string expected) => Assert.Equal(expected, SafeText.Of(text, unicode: true));

    [Theory]
    [InlineData("a · b → c … ≤ ×", "a - b -> c ... <= x")]
    [InlineData("中", "\\u{4E2D}")]
    [InlineData("🚗", "\\u{1F697}")]
    public void Without_unicode_only_ascii_remains(string text, string expected) => Assert.Equal(expected, SafeText.Of(text, unicode: false));

    [Fact]
    public void Half_a_character_is_escaped() => Assert.Equal("lone \\u{D83D} surrogate", SafeText.Of("lone \ud83d surrogate", unicode: true));

    [Fact]
    public void Any_text_becomes_one_visible_line() => Gen.String[Gen.Char, 0, 40].Sample(text =>
    {
        Assert.DoesNotContain(SafeText.Of(text, unicode: true), c => char.IsControl(c) || char.GetUnicodeCategory(c) is System.Globalization.UnicodeCategory.Format);
        Assert.All(SafeText.Of(text, unicode: false), c => Assert.InRange(c, ' ', '~'));
    });
}

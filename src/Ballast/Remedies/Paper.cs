using System.Globalization;

namespace Ballast;

/// <summary>A paper an idea came from; PAPERS.md names all its authors.</summary>
/// <param name="Title">Its title.</param>
/// <param name="Authors">As it is cited: "Lin et al.".</param>
/// <param name="Venue">Where it appeared: "ICCV".</param>
/// <param name="Year">The year by which it is cited.</param>
/// <param name="ArXiv">Its number at arXiv: "1708.02002"; empty where it has none.</param>
public sealed record Paper(string Title, string Authors, string Venue, int Year, string ArXiv)
{
    /// <summary>How it is cited: "Lin et al. 2017, arXiv:1708.02002".</summary>
    public string Citation => string.Create(CultureInfo.InvariantCulture, $"{Authors} {Year}, {(ArXiv.Length > 0 ? $"arXiv:{ArXiv}" : Venue)}");
}

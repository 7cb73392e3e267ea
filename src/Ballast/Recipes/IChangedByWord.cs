namespace Ballast;

/// <summary>
/// What a setting may change by a word, from what it is: <c>--set detector.profile.anchors=half</c>, <c>--set detector.profile.input=480x640</c>. Members may be set one by
/// one, too.
/// </summary>
internal interface IChangedByWord
{
    /// <summary>The value that the word makes of this one.</summary>
    /// <exception cref="InputException">The word is none of those known; the message names them.</exception>
    object ChangedBy(string word);
}

using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>
/// A module whose parts are registered by name in its constructor, and only so: TorchSharp would register every field that holds a module once more, under the
/// field's name.
/// </summary>
/// <param name="name">The module's name.</param>
public abstract class NamedModule(string name) : nn.Module(name)
{
    /// <summary>Registers nothing more.</summary>
    protected sealed override void RegisterComponents()
    {
    }
}

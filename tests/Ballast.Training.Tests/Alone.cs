namespace Ballast.Training.Tests;

/// <summary>Tests that seed libtorch's one generator and compare what is drawn: nothing may draw beside them.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

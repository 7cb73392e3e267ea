namespace Ballast;

/// <summary>The ways a detector loses AP (TIDE; Bolya et al. 2020, arXiv:2008.08115), in the order they are mended in.</summary>
public enum ErrorKind
{
    /// <summary>The box fits an object of another class.</summary>
    Classification,

    /// <summary>The class is right, the box overlaps its object too little.</summary>
    Localization,

    /// <summary>Wrong class and too little overlap.</summary>
    Both,

    /// <summary>The object was found already, by a higher score.</summary>
    Duplicate,

    /// <summary>There is nothing.</summary>
    Background,

    /// <summary>An object that no detection comes near: neither found nor explained by a wrong class or a loose box.</summary>
    Miss,
}

/// <summary>One kind of error and what it costs.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Count">Detections (for misses: objects) with it.</param>
/// <param name="Cost">AP that mending it alone would win, in [0, 1].</param>
/// <param name="StepCost">AP that mending it wins when the kinds before it are mended already; these add up.</param>
public sealed record ErrorFigure(ErrorKind Kind, int Count, double Cost, double StepCost);

/// <summary>Errors in one slice of the objects.</summary>
/// <param name="Name">The slice's name.</param>
/// <param name="Errors">For each kind: how many errors concern boxes of the slice, and the AP that mending only those would win (<see cref="ErrorFigure.StepCost"/> as in a row of its own).</param>
/// <param name="Cost">AP that mending every error of the slice would win.</param>
public sealed record SlicedErrors(string Name, Values<ErrorFigure> Errors, double Cost);

/// <summary>Errors along one axis of imbalance.</summary>
/// <param name="By">The axis.</param>
/// <param name="Slices">Its slices, in order.</param>
public sealed record ErrorsByAxis(EvaluationAxis By, Values<SlicedErrors> Slices);

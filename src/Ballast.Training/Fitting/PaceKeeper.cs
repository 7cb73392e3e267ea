using System.Diagnostics;

namespace Ballast.Training;

/// <summary>Keeps the time of steps and validations, and says from it how long the rest takes. It changes nothing in what is trained.</summary>
internal sealed class PaceKeeper(int epochs, int stepsPerEpoch)
{
    /// <summary>Steps the whole is estimated from.</summary>
    public const int EstimateAfter = 10;
    private const int Window = 50;
    private const double BytesPerMiB = 1 << 20;

    private readonly Queue<(double Seconds, int Images)> _recent = new();
    private readonly List<double> _validations = [];
    private int _measured;

    /// <summary>All steps.</summary>
    public long Steps => (long)epochs * stepsPerEpoch;

    /// <summary>The most memory the process has held, MiB.</summary>
    public static double PeakMiB
    {
        get
        {
            using var process = Process.GetCurrentProcess();
            // macOS has no peak; what is held now is the least it can have been.
            return Math.Max(process.PeakWorkingSet64, process.WorkingSet64) / BytesPerMiB;
        }
    }

    /// <summary>Takes in a step; the first of a process does not count, for it builds what later steps find.</summary>
    public void Stepped(double seconds, int images)
    {
        if (_measured++ == 0) return;
        _recent.Enqueue((seconds, images));
        if (_recent.Count > Window) _recent.Dequeue();
    }

    /// <summary>Takes in a validation.</summary>
    public void Validated(double seconds) => _validations.Add(seconds);

    /// <summary>How the run stands.</summary>
    public TrainingPace Pace(StepLine line)
    {
        var epoch = (int)((line.Step + stepsPerEpoch - 1) / stepsPerEpoch);
        var (seconds, images) = (_recent.Sum(step => step.Seconds), _recent.Sum(step => step.Images));
        var left = seconds == 0 ? double.NaN : (seconds / _recent.Count * (Steps - line.Step)) + (_validations.Count == 0 ? 0 : _validations.Average() * (epochs - epoch + 1));
        return new(line, epoch, epochs, Steps, left, seconds == 0 ? double.NaN : images / seconds, PeakMiB);
    }

    /// <summary>What the first steps say, once; null before and after.</summary>
    public TrainingEstimate? Estimate(long done)
        => _measured == EstimateAfter + 1 || (done == Steps && _measured is > 1 and <= EstimateAfter) ? new(_recent.Count, Steps - done, _recent.Average(step => step.Seconds) * (Steps - done), PeakMiB) : null;
}

using Ballast.Training;
using static TorchSharp.torch;

namespace Ballast.Benchmarks;

/// <summary>Who the gradient of a classification loss comes from: fixed logits of 30 objects of three classes among 30,000 background candidates.</summary>
internal static class ClassificationEffect
{
    private const int Classes = 3;
    private const int Background = 30_000;

    /// <summary>Steps until what a loss remembers has settled.</summary>
    private const int Steps = 10;

    private static readonly int[] Objects = [20, 8, 2];

    private static readonly Lazy<Shares> Plain = new(() => Measure(new CrossEntropyLoss { Sigmoid = true }));

    public static string Of(Remedy remedy)
    {
        var plain = Plain.Value;
        var own = Measure(RecipeReader.Parse<ClassificationLoss>(remedy.Recipe));
        var isPlain = remedy.Kind == "cross-entropy";
        string[] Row(string what, Func<Shares, string> number) => isPlain ? [what, number(own)] : [what, number(plain), number(own)];
        var table = MeasuredEffects.Table(
            isPlain ? ["", "this loss"] : ["", "cross entropy", "this loss"],
            [
                Row("background's share of the gradient", shares => MeasuredEffects.Percent(shares.Background)),
                Row("share of background that is mistaken for an object (p > 0.5)", shares => MeasuredEffects.Percent(shares.Mistaken)),
                Row($"pull : push on the commonest class ({Objects[0]} objects)", shares => MeasuredEffects.Number(shares.Common)),
                Row($"pull : push on the rarest class ({Objects[^1]} objects)", shares => MeasuredEffects.Number(shares.Rare)),
            ]);
        return "Fixed logits as a detector half-way through training has them: 30,000 background candidates around -6 (standard deviation 1.5), 30 objects around 0 at their class, no random numbers. "
            + "Shares are of the sum of |dL/dz|; pull is what the objects of a class raise its logit by, push what all others lower it by; objects have IoUs from 0.5 to 0.95; what a loss "
            + $"remembers has seen ten such steps.\n\n{table}";
    }

    private static Shares Measure(ClassificationLoss loss)
    {
        using var scope = NewDisposeScope();
        var labels = Labels();
        var facts = new DatasetFacts { Classes = ["a", "b", "c"], Objects = [2000, 800, 200], ImagesWith = [900, 500, 150], Images = 1000 };
        var targets = ClassTargets.Of(tensor(labels), Classes, tensor(Qualities(labels.Length)));
        var state = loss.State(facts);
        var logits = Logits(labels, loss.Channels(Classes));
        Tensor gradient = logits;
        for (var step = 0; step < Steps; step++)
        {
            var leaf = logits.clone().requires_grad_();
            loss.Compute(leaf, targets, state).sum().backward();
            gradient = leaf.grad!;
        }

        return Shares.Of(gradient, logits, labels);
    }

    /// <summary>Objects of each class first, then background, which is class K.</summary>
    private static long[] Labels() => [.. Objects.SelectMany((count, label) => Enumerable.Repeat((long)label, count)), .. Enumerable.Repeat((long)Classes, Background)];

    private static float[] Qualities(int count) => [.. Enumerable.Range(0, count).Select(i => 0.5f + (0.45f * (i % 10) / 9))];

    /// <summary>Quantiles of normal distributions in a fixed shuffled order; outputs beyond the classes say "object" and "background" as their best class does.</summary>
    private static Tensor Logits(long[] labels, int channels)
    {
        var values = new float[labels.Length, channels];
        for (var i = 0; i < labels.Length; i++)
        {
            for (var k = 0; k < Classes; k++)
            {
                var isOwn = labels[i] == k;
                var count = isOwn ? Objects[k] : labels.Length;
                var place = isOwn ? i - Objects.Take(k).Sum() : (int)(((i * 7919L) + (k * 104_729L)) % count);
                values[i, k] = (float)((isOwn ? 0 : -6) + (1.5 * Quantile((place + 0.5) / count)));
            }

            var best = Math.Max(values[i, 0], Math.Max(values[i, 1], values[i, 2]));
            for (var k = Classes; k < channels; k++) values[i, k] = channels == Classes + 2 && k == Classes ? best : -best;
        }

        return tensor(values);
    }

    /// <summary>The standard normal distribution's quantile, by bisection of its tail (Abramowitz and Stegun 7.1.26 is enough for logits).</summary>
    private static double Quantile(double probability)
    {
        var (low, high) = (-6.0, 6.0);
        for (var i = 0; i < 60; i++)
        {
            var middle = (low + high) / 2;
            if (Cumulative(middle) < probability) low = middle;
            else high = middle;
        }

        return (low + high) / 2;
    }

    private static double Cumulative(double x)
    {
        var t = 1 / (1 + (0.3275911 * Math.Abs(x) / Math.Sqrt(2)));
        var tail = t * (0.254829592 + (t * (-0.284496736 + (t * (1.421413741 + (t * (-1.453152027 + (t * 1.061405429)))))))) * Math.Exp(-x * x / 2);
        return x >= 0 ? 1 - (tail / 2) : tail / 2;
    }

    /// <param name="Background">Share of the gradient that background carries.</param>
    /// <param name="Mistaken">Share of that which is mistaken for an object.</param>
    /// <param name="Common">Pull over push on the commonest class.</param>
    /// <param name="Rare">Pull over push on the rarest class.</param>
    private sealed record Shares(double Background, double Mistaken, double Common, double Rare)
    {
        public static Shares Of(Tensor gradient, Tensor logits, long[] labels)
        {
            var objects = labels.Count(label => label < Classes);
            var lengths = gradient.abs().sum(-1).to(ScalarType.Float64);
            var background = lengths.narrow(0, objects, labels.Length - objects);
            var mistaken = (logits.narrow(1, 0, Classes).amax(1) > 0).narrow(0, objects, labels.Length - objects);
            var ofBackground = background.sum().item<double>();
            return new(
                ofBackground / lengths.sum().item<double>(),
                (background * mistaken).sum().item<double>() / ofBackground,
                Balance(gradient.select(1, 0)),
                Balance(gradient.select(1, Classes - 1)));
        }

        private static double Balance(Tensor column)
        {
            var wide = column.to(ScalarType.Float64);
            return -wide.clamp(max: 0).sum().item<double>() / wide.clamp(min: 0).sum().item<double>();
        }
    }
}

using System.Reflection;
using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace Ballast.Training.Tests;

/// <summary>What every classification loss promises: run over all kinds that recipes know.</summary>
public class ClassificationLossTests
{
    private const int Classes = 4;

    internal static readonly ClassificationLoss[] Every =
    [
        new CrossEntropyLoss(), new CrossEntropyLoss { Sigmoid = true }, new CrossEntropyLoss { ClassWeights = [1, 2, 3, 4, 0.5f] },
        new FocalLoss(), new FocalLoss { Alpha = null, Gamma = 0.5f }, new GradientHarmonizedLoss(), new GradientHarmonizedLoss { Momentum = 0 },
        new QualityFocalLoss(), new VarifocalLoss(), new VarifocalLoss { QualityWeighted = false },
        new ClassBalancedLoss { Loss = new FocalLoss() }, new ClassBalancedLoss { Loss = new CrossEntropyLoss(), Beta = 0.99f },
        new ClassBalancedLoss { Loss = new SeesawLoss() }, new SeesawLoss(), new SeesawLoss { Mitigation = 0, Compensation = 0 }, new EqualizationLoss(),
        new AveragePrecisionLoss(), new AverageLrpLoss(), new RankSortLoss(),
    ];

    public static TheoryData<string> Recipes => [.. Every.Select(RecipeReader.ToJson)];

    /// <summary>Facts of a data set that has the given objects of each class.</summary>
    public static DatasetFacts Facts(params long[] objects)
        => new() { Classes = [.. objects.Select((_, i) => $"class{i}")], Objects = [.. objects], ImagesWith = [.. objects], Images = 10 };

    [Fact]
    public void Every_concrete_loss_has_a_kind_and_is_tested()
    {
        static IEnumerable<Type> Named(IEnumerable<Type> types) => types.Distinct().OrderBy(type => type.Name);
        var kinds = Named(typeof(ClassificationLoss).GetCustomAttributes<JsonDerivedTypeAttribute>().Select(kind => kind.DerivedType)).ToArray();
        var concrete = typeof(ClassificationLoss).Assembly.GetTypes().Where(type => type.IsAssignableTo(typeof(ClassificationLoss)) && !type.IsAbstract);
        Assert.Equal(Named(concrete), kinds);
        Assert.Equal(Named(Every.Select(loss => loss.GetType())), kinds);
    }

    [Theory]
    [MemberData(nameof(Recipes))]
    public void A_record_is_its_own_recipe(string recipe) => Assert.Equal(recipe, RecipeReader.ToJson(RecipeReader.Parse<ClassificationLoss>(recipe)));

    [Theory]
    [MemberData(nameof(Recipes))]
    public void Candidates_left_out_have_neither_loss_nor_gradient_nor_memory(string recipe)
    {
        using var scope = NewDisposeScope();
        var loss = RecipeReader.Parse<ClassificationLoss>(recipe);
        var (logits, labels, scores) = Candidates(loss, 30, seed: 1);
        var state = loss.State(Facts(50, 20, 5, 0));
        var loose = cat([logits.detach(), full([5, logits.shape[1]], 9.0)]).requires_grad_();
        var all = loss.Compute(loose, ClassTargets.Of(cat([labels, full([5], -1L, dtype: ScalarType.Int64)]), Classes, cat([scores, ones(5)])), state);
        var alone = loss.Compute(logits, ClassTargets.Of(labels, Classes, scores), loss.State(Facts(50, 20, 5, 0)));
        Assert.True((all[..30] - alone).abs().max().item<float>() < 1e-6);
        Assert.Equal(0, all[30..].abs().sum().item<float>());
        all.sum().backward();
        Assert.Equal(0, loose.grad![30..].abs().sum().item<float>());
        Assert.True(loose.grad.isfinite().all().item<bool>());
    }

    [Theory]
    [MemberData(nameof(Recipes))]
    public void The_gradient_equals_finite_differences(string recipe)
    {
        using var scope = NewDisposeScope();
        var loss = RecipeReader.Parse<ClassificationLoss>(recipe);
        var given = loss is RankingLoss or GradientHarmonizedLoss or SeesawLoss { Compensation: > 0 } or ClassBalancedLoss { Loss: SeesawLoss };
        Assert.SkipWhen(given, "Its gradient is given, or holds weights fixed; the golden values have it.");
        var (logits, labels, scores) = Candidates(loss, 20, seed: 2);
        var targets = ClassTargets.Of(labels, Classes, scores.to(ScalarType.Float64));
        var exact = logits.detach().to(ScalarType.Float64).requires_grad_();
        Tensor Compute(Tensor at) => loss.Compute(at, targets, loss.State(Facts(50, 20, 5, 1)));
        Compute(exact).sum().backward();
        using var frozen = no_grad();
        const double Step = 1e-5;
        for (var column = 0; column < logits.shape[1]; column++)
        {
            var step = zeros(logits.shape[1], dtype: ScalarType.Float64);
            step[column] = Step;
            var slope = (Compute(exact + step) - Compute(exact - step)) / (2 * Step);
            slope = slope.dim() > 1 ? slope.sum(-1) : slope;
            Assert.True((slope - exact.grad![.., column]).abs().max().item<double>() < 1e-6);
        }
    }

    [Theory]
    [MemberData(nameof(Recipes))]
    public void No_candidates_and_hopeless_logits_are_normal(string recipe)
    {
        using var scope = NewDisposeScope();
        var loss = RecipeReader.Parse<ClassificationLoss>(recipe);
        var channels = loss.Channels(Classes);
        var none = zeros([0, channels], requires_grad: true);
        var value = loss.Compute(none, ClassTargets.Of(zeros(0, dtype: ScalarType.Int64), Classes, zeros(0)), loss.State(Facts(1, 1, 1, 1)));
        Assert.Equal(0, value.shape[0]);
        value.sum().backward();
        var far = (linspace(-300, 300, 5 * channels).reshape(5, channels)).requires_grad_();
        var losses = loss.Compute(far, ClassTargets.Of(arange(5), Classes, ones(5)), loss.State(Facts(1, 1, 1, 1)));
        losses.sum().backward();
        Assert.True(losses.isfinite().all().item<bool>());
        Assert.True(far.grad!.isfinite().all().item<bool>());
    }

    [Theory]
    [MemberData(nameof(Recipes))]
    public void Probabilities_are_probabilities(string recipe)
    {
        using var scope = NewDisposeScope();
        var loss = RecipeReader.Parse<ClassificationLoss>(recipe);
        var probabilities = loss.Probabilities(randn([50, loss.Channels(Classes)], generator: new Generator(5)));
        Assert.InRange(probabilities.shape[1], Classes, Classes + 1);
        Assert.True(probabilities.min().item<float>() >= 0 && probabilities.max().item<float>() <= 1);
        if (probabilities.shape[1] == Classes + 1) Assert.True((probabilities.sum(-1) - 1).abs().max().item<float>() < 1e-5);
    }

    [Fact]
    public void What_a_loss_remembers_is_in_its_state_and_outlives_the_step()
    {
        Assert.Equal("counts", Assert.Single(State(new SeesawLoss())));
        Assert.Equal("counts", Assert.Single(State(new GradientHarmonizedLoss())));
        Assert.Equal(["negative", "positive"], State(new EqualizationLoss()));
        Assert.Equal(["inner.counts", "weights"], State(new ClassBalancedLoss { Loss = new SeesawLoss() }));

        static string[] State(ClassificationLoss loss)
        {
            var state = Built(loss);
            Assert.All(state.buffers(), buffer => Assert.True(buffer.isfinite().all().item<bool>()));
            return [.. state.state_dict().Keys.Order()];
        }

        static nn.Module Built(ClassificationLoss loss)
        {
            using var scope = NewDisposeScope();
            return loss.State(Facts(3, 2, 1))!;
        }
    }

    [Fact]
    public void Effective_numbers_are_the_papers()
    {
        AssertClose(ClassBalancedLoss.Weights([1000, 100, 10], 0.99), 0.230147, 0.363011, 2.406842);
        AssertClose(ClassBalancedLoss.Weights([1000, 100, 10], 0.999), 0.042160, 0.280000, 2.677839);
        AssertClose(ClassBalancedLoss.Weights([1000, 100, 10], 0.9999), 0.028362, 0.271255, 2.700382);
        AssertClose(ClassBalancedLoss.Weights([7, 0, 3], 0), 1, 0, 1);
        AssertClose(ClassBalancedLoss.Weights([0, 0], 0.9), 0, 0);
    }

    [Fact]
    public void Focal_loss_has_the_papers_values()
    {
        using var scope = NewDisposeScope();
        var logits = tensor(new double[] { 0, 1, -1, 3, 0, 1, -1 }, [7, 1]);
        var loss = new FocalLoss().Compute(logits, ClassTargets.Of(tensor(new long[] { 0, 0, 0, 1, 1, 1, 1 }), 1)).flatten();
        AssertClose(loss.data<double>().ToArray(), 0.0433217, 0.00566451, 0.17546708, 2.07471033, 0.1299651, 0.52640123, 0.01699354);
        Assert.Equal(-4.59512, PriorProbability.Bias(0.01), 1e-5);
        Assert.Throws<InputException>(() => PriorProbability.Bias(1));
    }

    [Fact]
    public void Equalization_weighs_by_the_gradients_received()
    {
        using var scope = NewDisposeScope();
        var (positive, negative) = new EqualizationLoss().Weights(tensor(new double[] { 100, 1, 0.8, 0.5, 0 }));
        AssertClose(negative.data<double>().ToArray(), 1, 0.916827, 0.5, 0.026597, 0.000068, 1);
        AssertClose(positive.data<double>().ToArray(), 1, 1.332691, 3, 4.893612, 4.999729, 1);
        var loss = new EqualizationLoss();
        var state = (ReceivedGradients)loss.State(Facts(1, 1));
        var logits = zeros(2, 3);
        loss.Compute(logits, ClassTargets.Of(tensor(new long[] { 0, 2 }), 2), state);
        AssertClose([.. state.Positive.data<float>().ToArray().Select(x => (double)x)], 0.5, 0);
        AssertClose([.. state.Negative.data<float>().ToArray().Select(x => (double)x)], 0.5, 1);
        var second = loss.Compute(logits, ClassTargets.Of(tensor(new long[] { 0, 2 }), 2), state);
        Assert.Equal(Math.Log(2) * 1.332691, second[0, 0].item<float>(), 1e-5);
        Assert.Equal(Math.Log(2) * 0.000068, second[0, 1].item<float>(), 1e-5);
    }

    [Fact]
    public void Shapes_and_states_that_do_not_fit_are_named()
    {
        using var scope = NewDisposeScope();
        var targets = ClassTargets.Of(zeros(3, dtype: ScalarType.Int64), 2);
        Says("CrossEntropyLoss: logits have shape [3, 2]; 3 targets of 2 classes need [3, 3].", () => new CrossEntropyLoss().Compute(zeros(3, 2), targets));
        Assert.Contains("needs the module", Assert.Throws<InvalidOperationException>(() => new SeesawLoss().Compute(zeros(3, 4), targets)).Message);
        Says("has 2 weights; 2 classes need 3, background last", () => new CrossEntropyLoss { ClassWeights = [1, 1] }.Compute(zeros(3, 3), targets));
        var balanced = new ClassBalancedLoss { Loss = new FocalLoss() };
        Says("made for 1 classes", () => balanced.Compute(zeros(3, 2), targets, balanced.State(Facts(1))));
        Says("FocalLoss.Alpha is 2; it must be a fraction from 0 to 1.", () => new FocalLoss { Alpha = 2 });
        Assert.Throws<InputException>(() => ClassTargets.Of(zeros(3), 2));
    }

    private static void Says(string sentence, Func<object> make) => Assert.Contains(sentence, Assert.Throws<InputException>(make).Message);

    private static void AssertClose(double[] actual, params double[] expected)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 2e-6);
    }

    private static (Tensor Logits, Tensor Labels, Tensor Scores) Candidates(ClassificationLoss loss, int count, int seed)
    {
        var random = new Random(seed);
        var labels = Enumerable.Range(0, count).Select(_ => (long)random.Next(Classes + 1)).ToArray();
        var logits = Enumerable.Range(0, count * loss.Channels(Classes)).Select(_ => (float)((random.NextDouble() * 6) - 3)).ToArray();
        var scores = Enumerable.Range(0, count).Select(_ => (float)(0.1 + (0.8 * random.NextDouble()))).ToArray();
        return (tensor(logits, [count, loss.Channels(Classes)], requires_grad: true), tensor(labels), tensor(scores));
    }
}

using Ballast.Cli;

namespace Ballast.Tests.Cli;

public class FailureTests
{
    [Fact]
    public void Each_kind_of_failure_has_its_code_and_sentence()
    {
        Assert.Equal((ExitCode.BadInput, "ballast: 'x' is wrong.\n"), Report(new InputException("'x' is wrong.")));
        Assert.Equal(ExitCode.TryAgain, Report(new IOException("No space left on device", 28)).Code);
        Assert.Equal(ExitCode.TryAgain, Report(new IOException("disk full", unchecked((int)0x80070070))).Code);
        Assert.Equal(ExitCode.TryAgain, Report(new InputException("'x' cannot be read: busy.", new IOException("busy", 11))).Code);
        Assert.Equal(ExitCode.TryAgain, Report(Activator.CreateInstance<OutOfMemoryException>()).Code);
        Assert.Equal(ExitCode.BadInput, Report(new FileNotFoundException("no file")).Code);
        Assert.Equal(ExitCode.BadInput, Report(new UnauthorizedAccessException("not yours")).Code);
        Assert.Equal(ExitCode.Bug, Report(new InvalidOperationException("oh")).Code);
    }

    [Fact]
    public void A_bug_is_one_sentence_and_a_trace_when_asked_for()
    {
        var (_, text) = Report(new InvalidOperationException("oh"));
        Assert.Equal("ballast: this is a bug in Ballast (InvalidOperationException: oh); please report it with the trace that --verbose prints.\n", text);
        Assert.Contains("System.InvalidOperationException: oh", Report(new InvalidOperationException("oh"), verbose: true).Text);
    }

    [Fact]
    public void A_parallel_loop_s_cause_is_found_among_the_cancelled()
    {
        var wrapped = new AggregateException(new OperationCanceledException(), new AggregateException(new InputException("'x' is wrong.")));
        Assert.Equal((ExitCode.BadInput, "ballast: 'x' is wrong.\n"), Report(wrapped));
    }

    [Fact]
    public void Whatever_happens_after_ctrl_c_is_an_interruption()
        => Assert.Equal((ExitCode.Interrupted, "ballast: interrupted.\n"), Report(new AggregateException(new OperationCanceledException()), interrupted: true));

    private static (int Code, string Text) Report(Exception exception, bool verbose = false, bool interrupted = false)
    {
        using var error = new StringWriter { NewLine = "\n" };
        var code = Failure.Report(exception, new(TextWriter.Null, error, CliRun.Plain) { Verbose = verbose }, interrupted);
        return (code, error.ToString());
    }
}

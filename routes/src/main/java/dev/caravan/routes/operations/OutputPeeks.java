package dev.caravan.routes.operations;

import dev.caravan.processors.output.OutputSample;
import dev.caravan.processors.output.OutputSampler;
import dev.caravan.processors.output.S3Component;
import dev.caravan.processors.output.S3Location;
import dev.caravan.shared.FatalException;
import dev.caravan.shared.RetryableException;
import dev.caravan.shared.s3.S3Settings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;

/**
 * Looks into the outputs of runs. It reads S3 with the settings of its process, so that who may ask
 * a server about runs may not therefore read their data.
 */
public final class OutputPeeks implements AutoCloseable {
  /** The clocks of S3 and of the journal may differ a little. */
  private static final Duration TOLERANCE = Duration.ofSeconds(5);

  private final CamelContext camel;
  private final OutputSampler sampler;

  /** In a Camel context of its own. */
  public OutputPeeks(S3Settings s3) {
    camel = new DefaultCamelContext();
    S3Component.configure(camel, s3);
    camel.start();
    sampler = new OutputSampler(camel);
  }

  /** An output of a run, numbered among all of them. */
  private record Numbered(int number, String job, OutputView output) {
    /** By its number, its job, or a part of its address. */
    boolean is(String wanted) {
      return wanted.equals(Integer.toString(number))
          || wanted.equals(job)
          || (!wanted.matches("\\d*") && output.at().contains(wanted));
    }

    String line() {
      return number + " " + output.at();
    }
  }

  /**
   * What lies at the outputs of a run.
   *
   * @param wanted the number of an output, a job, or a part of an address; empty: all outputs
   * @param rows how many first rows of each at most
   * @throws OperationException if the run has no such output, or S3 can't be read
   */
  public List<PeekView> of(RunDetail run, Optional<String> wanted, int rows) {
    List<Numbered> all = outputs(run);
    List<Numbered> chosen =
        all.stream().filter(each -> wanted.filter(name -> !each.is(name)).isEmpty()).toList();
    if (chosen.isEmpty()) {
      throw OperationException.notFound(
          all.isEmpty()
              ? "Run " + run.run().id() + " promises no outputs."
              : "Run "
                  + run.run().id()
                  + " has no output '"
                  + wanted.orElse("")
                  + "'; there are "
                  + all.stream().map(Numbered::line).collect(Collectors.joining(", "))
                  + ".");
    }
    List<PeekView> views = new ArrayList<>();
    for (Numbered each : chosen) {
      OutputSample sample = sample(each.output().at(), rows);
      views.add(
          PeekView.of(
              run.run(),
              each.job(),
              each.number(),
              each.output(),
              sample,
              remarks(run.run(), each.output(), sample)));
    }
    return views;
  }

  private static List<Numbered> outputs(RunDetail run) {
    List<JobView> jobs =
        run.jobs().stream().flatMap(job -> job.outputs().stream().map(output -> job)).toList();
    List<OutputView> outputs = run.jobs().stream().flatMap(job -> job.outputs().stream()).toList();
    return IntStream.range(0, outputs.size())
        .mapToObj(i -> new Numbered(i + 1, jobs.get(i).name(), outputs.get(i)))
        .toList();
  }

  private OutputSample sample(String at, int rows) {
    try {
      return sampler.sample(S3Location.of(at), rows);
    } catch (RetryableException | FatalException e) {
      throw new OperationException(OperationException.Reason.UNAVAILABLE, e.getMessage());
    }
  }

  private static List<String> remarks(RunView run, OutputView output, OutputSample sample) {
    List<String> remarks = new ArrayList<>();
    if (output.found().isEmpty()) {
      remarks.add(
          run.state().isOpen() || run.endedAt().isEmpty()
              ? "Not verified yet."
              : "Not verified: the run did not get so far, or the output broke its contract.");
    }
    Optional<Instant> newest = sample.newest();
    run.endedAt()
        .filter(end -> newest.filter(at -> at.isAfter(end.plus(TOLERANCE))).isPresent())
        .ifPresent(
            end ->
                remarks.add(
                    "Written after this run had ended, by a later run or another program."));
    remarks.addAll(sample.remarks());
    return remarks;
  }

  @Override
  public void close() {
    try {
      camel.close();
    } catch (Exception e) {
      throw new IllegalStateException("Camel did not end", e);
    }
  }
}

package dev.caravan.processors.output;

import dev.caravan.shared.ElapsedClock;
import dev.caravan.shared.FatalException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.CamelContext;

/**
 * Checks what a job left in S3 against what it promised; {@code _SUCCESS} alone proves nothing. It
 * reads listings and parquet footers, never the data. For use by many threads. The context's {@code
 * aws2-s3} component must have been prepared by {@link S3Component#configure}.
 */
public final class OutputVerifier {
  private static final Duration LONGEST = Duration.ofMinutes(5);
  private static final int MOST_NAMED = 20;

  private final CamelContext camel;
  private final S3Objects s3;
  private final ElapsedClock clock;
  private final Duration longest;

  public OutputVerifier(CamelContext camel) {
    this(camel, ElapsedClock.of(Clock.systemUTC()), LONGEST);
  }

  /**
   * @param longest how long a verification may take
   */
  public OutputVerifier(CamelContext camel, ElapsedClock clock, Duration longest) {
    this.camel = camel;
    this.s3 = new S3Objects(camel);
    this.clock = clock;
    this.longest = longest;
  }

  /**
   * @param runBegan nothing older may lie there; compared in whole seconds, as S3 keeps them
   * @throws FatalException if the contract is broken, in one sentence, or if S3 refuses us
   * @throws dev.caravan.shared.RetryableException if S3 can't be reached, or after five minutes
   */
  public OutputReport verify(OutputContract contract, Instant runBegan) {
    VerificationLimit limit = new VerificationLimit(camel, clock, longest);
    S3Location prefix = contract.location();
    List<StoredObject> files =
        s3.list(prefix, limit).stream().filter(each -> DataObjects.isData(prefix, each)).toList();
    List<String> broken = new ArrayList<>();
    checkAmounts(contract, files, broken);
    checkFreshness(files, runBegan.truncatedTo(ChronoUnit.SECONDS), broken);
    throwIfAny(contract, broken);
    OutputReport report = report(contract, files, limit, broken);
    throwIfAny(contract, broken);
    return report;
  }

  private static void checkAmounts(
      OutputContract contract, List<StoredObject> files, List<String> broken) {
    if (files.size() < contract.minObjects()) {
      broken.add(promised(contract.minObjects(), "data object", files.size()));
    }
    if (bytes(files) < contract.minBytes()) {
      broken.add(promised(contract.minBytes(), "byte", bytes(files)));
    }
  }

  private static void checkFreshness(List<StoredObject> files, Instant began, List<String> broken) {
    List<StoredObject> old = files.stream().filter(f -> f.written().isBefore(began)).toList();
    if (!old.isEmpty()) {
      broken.add(
          "promised everything written since the run began at "
              + began
              + ", found "
              + old.size()
              + " of "
              + files.size()
              + " objects older, such as "
              + old.get(0).location()
              + " of "
              + old.get(0).written());
    }
  }

  private OutputReport report(
      OutputContract contract,
      List<StoredObject> files,
      VerificationLimit limit,
      List<String> broken) {
    boolean parquet =
        contract.asksForFooters()
            || files.stream().allMatch(each -> each.location().key().endsWith(".parquet"));
    long rows = 0;
    Set<String> common = new LinkedHashSet<>();
    if (parquet) {
      for (int i = 0; i < files.size(); i++) {
        limit.require();
        OutputFooter footer = OutputFooter.read(s3, files.get(i));
        rows += footer.rows();
        if (i == 0) {
          common.addAll(footer.columns());
        }
        common.retainAll(footer.columns());
        checkColumns(contract, files.get(i), footer, broken);
      }
      if (rows < contract.minRows()) {
        broken.add(promised(contract.minRows(), "row", rows));
      }
    }
    return new OutputReport(
        contract.location(),
        files.size(),
        bytes(files),
        parquet ? OptionalLong.of(rows) : OptionalLong.empty(),
        List.copyOf(common),
        files.stream().map(StoredObject::written).max(Instant::compareTo),
        files.stream().map(StoredObject::written).min(Instant::compareTo));
  }

  /** The first file that lacks a column stands for all of them. */
  private static void checkColumns(
      OutputContract contract, StoredObject file, OutputFooter footer, List<String> broken) {
    Set<String> lacking = new TreeSet<>(contract.columns());
    footer.columns().forEach(lacking::remove);
    if (!lacking.isEmpty() && broken.isEmpty()) {
      broken.add(
          "promised the columns "
              + some(contract.columns())
              + ", found that "
              + file.location()
              + " lacks "
              + some(List.copyOf(lacking))
              + " and has "
              + some(footer.columns()));
    }
  }

  private static long bytes(List<StoredObject> files) {
    return files.stream().mapToLong(StoredObject::size).sum();
  }

  private static String promised(long least, String what, long found) {
    return "promised at least "
        + Counted.of(least, what)
        + ", found "
        + String.format(Locale.ROOT, "%,d", found);
  }

  private static String some(List<String> names) {
    return names.size() <= MOST_NAMED
        ? String.join(", ", names)
        : String.join(", ", names.subList(0, MOST_NAMED))
            + " and "
            + (names.size() - MOST_NAMED)
            + " more";
  }

  private static void throwIfAny(OutputContract contract, List<String> broken) {
    if (!broken.isEmpty()) {
      throw new FatalException(
          "The output at "
              + contract.location()
              + " breaks its contract: "
              + String.join("; ", broken)
              + ".");
    }
  }
}

package dev.caravan.processors.output;

import dev.caravan.processors.parquet.ParquetRows;
import dev.caravan.shared.ElapsedClock;
import dev.caravan.shared.FatalException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.parquet.format.FileMetaData;

/**
 * Reads the schema, the number of rows and the first rows of what a job left in S3, parquet or JSON
 * lines. What it reads is bounded: listings, the footers of {@link #MOST_FOOTERS} files, and the
 * pages or lines that hold the first rows. For use by many threads. The context's {@code aws2-s3}
 * component must have been prepared by {@link S3Component#configure}.
 */
public final class OutputSampler {
  private static final Duration LONGEST = Duration.ofMinutes(1);
  private static final int MOST_FOOTERS = 200;
  private static final int MOST_REMARKS = 3;
  private static final String PARQUET = "PAR1";

  private final CamelContext camel;
  private final S3Objects s3;
  private final ElapsedClock clock = ElapsedClock.of(Clock.systemUTC());

  public OutputSampler(CamelContext camel) {
    this.camel = camel;
    this.s3 = new S3Objects(camel);
  }

  /**
   * Looks at what lies there.
   *
   * @param limit how many rows at most
   * @throws FatalException if S3 refuses us
   * @throws dev.caravan.shared.RetryableException if S3 can't be reached, or after a minute
   */
  public OutputSample sample(S3Location location, int limit) {
    VerificationLimit time = new VerificationLimit(camel, clock, LONGEST);
    List<StoredObject> files =
        s3.list(location, time).stream()
            .filter(each -> DataObjects.isData(location, each))
            .toList();
    Map<Format, List<StoredObject>> byFormat =
        files.stream().collect(Collectors.groupingBy(this::format));
    Found found = new Found();
    Format format = Format.NONE;
    if (byFormat.containsKey(Format.PARQUET)) {
      format = Format.PARQUET;
      parquet(byFormat.get(format), limit, found, time);
    } else if (byFormat.containsKey(Format.JSON_LINES)) {
      format = Format.JSON_LINES;
      JsonLines.read(s3, byFormat.get(format), limit, found, time);
    } else if (!files.isEmpty()) {
      format = Format.UNKNOWN;
    }
    int shown = byFormat.getOrDefault(format, List.of()).size();
    if (shown < files.size()) {
      found.remark(Counted.of(files.size() - shown, "object") + " of another format left out");
    }
    return new OutputSample(
        location,
        format.word(),
        files.size(),
        files.stream().mapToLong(StoredObject::size).sum(),
        format == Format.UNKNOWN ? Optional.empty() : found.rows,
        found.types,
        found.firstRows,
        files.stream().map(StoredObject::written).max(Instant::compareTo),
        found.remarks);
  }

  private enum Format {
    PARQUET,
    JSON_LINES,
    UNKNOWN,
    NONE;

    String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** By the name, or by the first bytes where the name doesn't tell. */
  private Format format(StoredObject file) {
    String key = file.location().key();
    if (key.endsWith(".parquet")) {
      return Format.PARQUET;
    }
    if (key.matches(".*\\.(json|jsonl|ndjson)(\\.gz)?")) {
      return Format.JSON_LINES;
    }
    if (file.size() < PARQUET.length()) {
      return Format.UNKNOWN;
    }
    String begin =
        new String(s3.range(file.location(), 0, PARQUET.length() - 1), StandardCharsets.ISO_8859_1);
    if (begin.equals(PARQUET)) {
      return Format.PARQUET;
    }
    return begin.startsWith("{") ? Format.JSON_LINES : Format.UNKNOWN;
  }

  private void parquet(List<StoredObject> files, int limit, Found found, VerificationLimit time) {
    long rows = 0;
    for (StoredObject file : files.subList(0, Math.min(MOST_FOOTERS, files.size()))) {
      time.require();
      try {
        FileMetaData metadata = OutputFooter.metadata(s3, file);
        rows += OutputFooter.of(file, metadata).rows();
        int wanted = limit - found.firstRows.size();
        if (wanted > 0 || found.types.isEmpty()) {
          read(file, metadata, wanted, found);
        }
      } catch (FatalException e) {
        found.remark(e.getMessage());
      }
    }
    if (files.size() > MOST_FOOTERS) {
      found.remark("Rows are counted in up to " + MOST_FOOTERS + " files only.");
    } else {
      found.rows = Optional.of(rows);
    }
  }

  private void read(StoredObject file, FileMetaData metadata, int wanted, Found found) {
    try {
      ParquetRows read =
          ParquetRows.read(metadata, (from, to) -> s3.range(file.location(), from, to), wanted);
      if (found.types.isEmpty()) {
        found.types.putAll(read.types());
      }
      found.firstRows.addAll(read.rows());
    } catch (IllegalArgumentException e) {
      found.remark(file.location() + " can't be read: " + e.getMessage() + ".");
    }
  }

  /** What is found bit by bit. */
  static final class Found {
    final Map<String, String> types = new LinkedHashMap<>();
    final List<Map<String, Object>> firstRows = new ArrayList<>();
    final List<String> remarks = new ArrayList<>();
    Optional<Long> rows = Optional.of(0L);

    /** The first few stand for all. */
    void remark(String sentence) {
      if (remarks.size() < MOST_REMARKS) {
        remarks.add(sentence);
      }
    }
  }
}

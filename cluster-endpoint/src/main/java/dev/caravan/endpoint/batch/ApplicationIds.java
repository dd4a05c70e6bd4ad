package dev.caravan.endpoint.batch;

import dev.caravan.endpoint.yarn.ResourceManager;
import dev.caravan.endpoint.yarn.YarnApplication;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds a batch's Spark application id: in what spark-submit printed, or at YARN by the batch's
 * tag. May block.
 */
final class ApplicationIds {
  /** Spark says it early; 1 MiB of log is enough to look at. */
  private static final int MAX_BYTES = 1024 * 1024;

  private static final Pattern PRINTED =
      Pattern.compile(
          "(?:[Aa]pplication |app(?:lication)? ID |for app )(application_\\d+_\\d+|app-\\d+-\\d+|local-\\d+)");

  private final Optional<ResourceManager> yarn;

  ApplicationIds(Optional<ResourceManager> yarn) {
    this.yarn = yarn;
  }

  Optional<String> find(Batch batch) {
    BatchDirectory files = batch.directory();
    return printed(files.stderr()).or(() -> printed(files.stdout())).or(() -> tagged(batch));
  }

  private static Optional<String> printed(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      Matcher matcher =
          PRINTED.matcher(new String(in.readNBytes(MAX_BYTES), StandardCharsets.ISO_8859_1));
      return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // only a convenience; the log itself says it
    }
  }

  private Optional<String> tagged(Batch batch) {
    try {
      return yarn.isEmpty()
          ? Optional.empty()
          : yarn.get().application(batch.record().tag()).map(YarnApplication::id);
    } catch (IOException e) {
      return Optional.empty(); // asked again at the next look
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}

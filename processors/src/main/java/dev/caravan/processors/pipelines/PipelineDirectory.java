package dev.caravan.processors.pipelines;

import dev.caravan.shared.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files of a directory of pipelines: which there are, and what stands in them. */
record PipelineDirectory(Path path) {
  private static final Logger LOG = LoggerFactory.getLogger(PipelineDirectory.class);

  /** What changes when a file is edited; an unchanged one is not read again. */
  record Version(long size, FileTime modified, String inode) {}

  record Content(String text, String hash) {}

  /** The files by name; empty if the directory can't be read, which is logged. */
  Optional<Map<String, Version>> list() {
    Map<String, Version> found = new TreeMap<>();
    try (Stream<Path> files = Files.list(path)) {
      for (Path file : files.filter(PipelineDirectory::isPipeline).toList()) {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        found.put(
            file.getFileName().toString(),
            new Version(
                attributes.size(),
                attributes.lastModifiedTime(),
                String.valueOf(attributes.fileKey())));
      }
      return Optional.of(found);
    } catch (IOException | java.io.UncheckedIOException e) {
      LOG.warn(
          "The directory of pipelines {} can't be read, will try again: {}", path, e.toString());
      return Optional.empty();
    }
  }

  /** An editor's own files, which begin with a dot, are none. */
  private static boolean isPipeline(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(PipelineFiles.ENDING) && !name.startsWith(".") && Files.exists(file);
  }

  /**
   * Reads at most a byte more than a pipeline may have.
   *
   * @throws BrokenPipelineException if it isn't UTF-8, is too long, or can't be read
   */
  Content read(String file) {
    try (InputStream in = Files.newInputStream(path.resolve(file))) {
      byte[] bytes = in.readNBytes(PipelineParser.LONGEST + 1);
      if (bytes.length > PipelineParser.LONGEST) {
        throw broken(file, "this is longer than 1 MiB");
      }
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return new Content(text, Sha256.hex(bytes));
    } catch (CharacterCodingException e) {
      throw broken(file, "this is not UTF-8: save it as UTF-8");
    } catch (IOException e) {
      throw broken(file, "it can't be read: " + e);
    }
  }

  private static BrokenPipelineException broken(String file, String sentence) {
    return new BrokenPipelineException(List.of(new PipelineFault(file, 1, sentence)));
  }
}

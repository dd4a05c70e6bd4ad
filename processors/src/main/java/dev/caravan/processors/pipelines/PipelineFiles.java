package dev.caravan.processors.pipelines;

import dev.caravan.shared.FatalException;
import dev.caravan.shared.settings.Nearest;
import dev.caravan.shared.settings.SettingsException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The pipelines of a directory: the last good version of each file. An edit that is broken changes
 * nothing but {@link #broken}; a file that is removed takes its pipeline with it. For use by many
 * threads.
 */
public final class PipelineFiles {
  static final String ENDING = ".yaml";

  private final PipelineDirectory directory;
  private final PipelineParser parser;
  private final Map<String, PipelineFile> files = new TreeMap<>();

  private PipelineFiles(PipelineDirectory directory, PipelineParser parser) {
    this.directory = directory;
    this.parser = parser;
  }

  /**
   * Reads all files.
   *
   * @throws SettingsException if one is broken, or there is none
   */
  public static PipelineFiles read(Path directory, PipelineParser parser) {
    PipelineFiles pipelines = readGood(directory, parser);
    List<BrokenFile> broken = pipelines.broken();
    if (!broken.isEmpty()) {
      throw new SettingsException(
          "The pipelines in "
              + directory
              + " must be corrected:\n  "
              + broken.stream()
                  .flatMap(file -> file.faults().stream())
                  .map(PipelineFault::toString)
                  .collect(Collectors.joining("\n  ")));
    }
    if (pipelines.all().isEmpty()) {
      throw new SettingsException(
          "There is no pipeline in "
              + directory
              + ": a pipeline is a file NAME"
              + ENDING
              + " there.");
    }
    return pipelines;
  }

  /** Reads all files; what can't be used is among the {@link #broken}. */
  public static PipelineFiles readGood(Path directory, PipelineParser parser) {
    PipelineFiles pipelines = new PipelineFiles(new PipelineDirectory(directory), parser);
    pipelines.look();
    return pipelines;
  }

  /**
   * Takes up what has changed since the last look. A directory that can't be read changes nothing.
   *
   * @return the files that are broken now
   */
  public synchronized List<BrokenFile> look() {
    Optional<Map<String, PipelineDirectory.Version>> found = directory.list();
    if (found.isPresent()) {
      files.keySet().retainAll(found.get().keySet());
      found.get().forEach(this::take);
    }
    return broken();
  }

  private void take(String file, PipelineDirectory.Version version) {
    PipelineFile known = files.get(file);
    if (known == null || !known.isUpToDate(version)) {
      files.put(
          file, PipelineFile.read(file, version, Optional.ofNullable(known), directory, parser));
    }
  }

  /** The pipelines by name. */
  public synchronized List<Pipeline> all() {
    return files.values().stream().flatMap(file -> file.lastGood().stream()).toList();
  }

  /** The files whose latest version can't be used. */
  public synchronized List<BrokenFile> broken() {
    return files.values().stream().flatMap(file -> file.broken().stream()).toList();
  }

  public Optional<Pipeline> find(String name) {
    return all().stream().filter(pipeline -> pipeline.name().equals(name)).findFirst();
  }

  /**
   * @throws FatalException if there is no such pipeline
   */
  public Pipeline require(String name) {
    List<String> names = names();
    return find(name)
        .orElseThrow(
            () ->
                new FatalException(
                    "There is no pipeline '"
                        + name
                        + "' in "
                        + directory.path()
                        + Nearest.to(name, names)
                            .map(near -> ": did you mean " + near + "?")
                            .orElse("; there are " + String.join(", ", names) + ".")));
  }

  /**
   * The pipeline of this name, or the only one there is.
   *
   * @throws FatalException if there is no such pipeline, or no name is given and there are several
   */
  public Pipeline choose(Optional<String> name) {
    List<Pipeline> known = all();
    if (name.isEmpty() && known.size() != 1) {
      throw new FatalException(
          "Which pipeline? There are " + String.join(", ", names()) + ": name one of them.");
    }
    return name.isPresent() ? require(name.get()) : known.get(0);
  }

  public List<String> names() {
    return all().stream().map(Pipeline::name).toList();
  }
}

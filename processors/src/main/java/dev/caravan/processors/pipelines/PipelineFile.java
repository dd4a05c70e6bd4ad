package dev.caravan.processors.pipelines;

import java.util.List;
import java.util.Optional;

/**
 * A file as it was at the last look.
 *
 * @param hash of its content
 * @param lastGood empty: no version of it could be used yet
 * @param broken the faults of the latest version
 */
record PipelineFile(
    PipelineDirectory.Version version,
    String hash,
    Optional<Pipeline> lastGood,
    Optional<BrokenFile> broken) {

  boolean isUpToDate(PipelineDirectory.Version now) {
    return version.equals(now);
  }

  static PipelineFile read(
      String file,
      PipelineDirectory.Version version,
      Optional<PipelineFile> known,
      PipelineDirectory directory,
      PipelineParser parser) {
    Optional<Pipeline> lastGood = known.flatMap(PipelineFile::lastGood);
    String hash = "";
    try {
      PipelineDirectory.Content content = directory.read(file);
      hash = content.hash();
      if (known.isPresent() && known.get().hash().equals(hash)) {
        return new PipelineFile(version, hash, lastGood, known.get().broken());
      }
      String name = file.substring(0, file.length() - PipelineFiles.ENDING.length());
      return new PipelineFile(
          version, hash, Optional.of(parser.parse(name, file, content.text())), Optional.empty());
    } catch (BrokenPipelineException e) {
      return new PipelineFile(
          version, hash, lastGood, Optional.of(new BrokenFile(file, List.copyOf(e.faults()))));
    }
  }
}

package dev.caravan.processors.pipelines;

/**
 * What is wrong at one place of a pipeline's file.
 *
 * @param line from 1 on
 * @param sentence names the key, and the nearest known one where it may help
 */
public record PipelineFault(String file, int line, String sentence) {
  @Override
  public String toString() {
    return file + ", line " + line + ": " + sentence;
  }
}

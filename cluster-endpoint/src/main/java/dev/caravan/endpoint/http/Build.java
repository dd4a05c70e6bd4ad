package dev.caravan.endpoint.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * What this jar was built from; {@code unknown} where the build was not told.
 *
 * @param version ours, not Livy's
 * @param revision of the sources
 * @param branch of the sources
 * @param date of the revision, ISO-8601
 */
record Build(String version, String revision, String branch, String date) {

  /** From the file that the build wrote into the jar. */
  static Build ofThisJar() {
    Properties properties = new Properties();
    try (InputStream in = Build.class.getResourceAsStream("build.properties")) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException("build.properties in the jar can't be read", e);
    }
    return new Build(
        properties.getProperty("version"),
        properties.getProperty("revision"),
        properties.getProperty("branch"),
        properties.getProperty("date"));
  }
}

package dev.caravan.cloud.yarn;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** The form of Hadoop's configuration files. */
final class HadoopXml {

  private HadoopXml() {}

  /** Writes one property per entry, sorted by name. */
  static void write(Path file, Map<String, String> properties) throws IOException {
    StringBuilder text = new StringBuilder("<?xml version=\"1.0\"?>\n<configuration>\n");
    new TreeMap<>(properties)
        .forEach(
            (name, value) ->
                text.append("  <property><name>")
                    .append(name)
                    .append("</name><value>")
                    .append(value.replace("&", "&amp;").replace("<", "&lt;"))
                    .append("</value></property>\n"));
    Files.writeString(file, text.append("</configuration>\n"));
  }
}

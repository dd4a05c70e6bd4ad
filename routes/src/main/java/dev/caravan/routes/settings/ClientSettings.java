package dev.caravan.routes.settings;

import dev.caravan.shared.settings.SettingsException;
import java.nio.file.Path;
import java.util.Map;

/**
 * What a command needs to find a server on this machine: no cloud, no cluster, no pipeline.
 *
 * @param serverFile tells where the server is, if one runs
 */
public record ClientSettings(Path serverFile) {

  /**
   * Reads these settings alone; others may be absent or wrong.
   *
   * @throws SettingsException as {@link Settings#read} does
   */
  public static ClientSettings read(Path file, Map<String, String> overrides) {
    SettingsFile reader = SettingsFile.read(file, overrides);
    Path serverFile = ApiSettings.file(reader, Recovery.journal(reader).url());
    reader.throwProblems();
    return new ClientSettings(serverFile);
  }
}

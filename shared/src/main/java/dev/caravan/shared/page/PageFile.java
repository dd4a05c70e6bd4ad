package dev.caravan.shared.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The files of the class path that both pages are shown with, and no others. */
public enum PageFile {
  STYLE("page.css", "text/css; charset=utf-8"),
  ICON("icon.svg", "image/svg+xml");

  private final String fileName;
  private final String type;

  PageFile(String fileName, String type) {
    this.fileName = fileName;
    this.type = type;
  }

  public String fileName() {
    return fileName;
  }

  /** Its Content-Type. */
  public String type() {
    return type;
  }

  /** What is in it, read anew each time. */
  public byte[] read() {
    try (InputStream in = PageFile.class.getResourceAsStream(fileName)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

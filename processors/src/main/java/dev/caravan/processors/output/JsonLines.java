package dev.caravan.processors.output;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/**
 * Objects of JSON lines, plain or gzipped: one JSON object a line. All lines are counted where all
 * objects together are small; otherwise only the beginning of the first ones is read.
 */
final class JsonLines {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();
  private static final TypeReference<Map<String, Object>> ROW = new TypeReference<>() {};

  private static final long SMALL_BYTES = 8 * 1024 * 1024;
  private static final int BEGINNING_BYTES = 1024 * 1024;
  private static final long LONGEST_TEXT_BYTES = 64 * 1024 * 1024;

  private final S3Objects s3;
  private final int limit;
  private final OutputSampler.Found found;
  private long lines;
  private long left = LONGEST_TEXT_BYTES;

  private JsonLines(S3Objects s3, int limit, OutputSampler.Found found) {
    this.s3 = s3;
    this.limit = limit;
    this.found = found;
  }

  static void read(
      S3Objects s3,
      List<StoredObject> files,
      int limit,
      OutputSampler.Found found,
      VerificationLimit time) {
    JsonLines lines = new JsonLines(s3, limit, found);
    boolean all = files.stream().mapToLong(StoredObject::size).sum() <= SMALL_BYTES;
    boolean counted = all;
    for (StoredObject file : files) {
      time.require();
      if (!all && found.firstRows.size() >= limit) {
        break;
      }
      if (file.size() > 0) {
        counted &= lines.read(file, all);
      }
    }
    found.rows = counted ? Optional.of(lines.lines) : Optional.empty();
  }

  /** Tells whether all of it was read. */
  private boolean read(StoredObject file, boolean all) {
    long length = all ? file.size() : Math.min(file.size(), BEGINNING_BYTES);
    byte[] bytes = s3.range(file.location(), 0, length - 1);
    boolean whole = length == file.size();
    try (InputStream in = new ByteArrayInputStream(bytes);
        InputStream plain = file.location().key().endsWith(".gz") ? new GZIPInputStream(in) : in;
        BufferedReader text =
            new BufferedReader(new InputStreamReader(plain, StandardCharsets.UTF_8))) {
      long number = 0;
      for (Optional<String> line = next(text); line.isPresent(); line = next(text)) {
        number++;
        left -= line.get().length();
        if (left < 0) {
          return false;
        }
        if (!line.get().isBlank()) {
          lines++;
          if (found.firstRows.size() < limit) {
            row(file, number, line.get(), whole);
          }
        }
      }
      return whole;
    } catch (EOFException e) {
      if (whole) {
        found.remark(file.location() + " can't be read: its compressed data end too early.");
      }
      return false;
    } catch (IOException e) {
      found.remark(file.location() + " can't be read: " + e.getMessage() + ".");
      return false;
    }
  }

  private static Optional<String> next(BufferedReader text) throws IOException {
    return Optional.ofNullable(text.readLine());
  }

  private void row(StoredObject file, long number, String line, boolean whole) {
    try {
      Map<String, Object> row = JSON.readValue(line, ROW);
      row.forEach((name, value) -> found.types.merge(name, type(value), JsonLines::common));
      found.firstRows.add(row);
    } catch (JsonProcessingException e) {
      // The last line of a beginning may be cut.
      if (whole) {
        found.remark(file.location() + ": line " + number + " is no JSON object.");
      }
    }
  }

  private static String common(String one, String other) {
    return one.equals("void") ? other : one;
  }

  private static String type(Object value) {
    if (value == null) {
      return "void";
    }
    if (value instanceof Integer || value instanceof Long || value instanceof BigInteger) {
      return "bigint";
    }
    if (value instanceof BigDecimal) {
      return "double";
    }
    if (value instanceof Boolean) {
      return "boolean";
    }
    if (value instanceof List) {
      return "array";
    }
    return value instanceof Map ? "struct" : "string";
  }
}

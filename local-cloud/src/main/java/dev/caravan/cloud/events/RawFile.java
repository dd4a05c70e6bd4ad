package dev.caravan.cloud.events;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;

/**
 * Events as they come in, before anybody has sorted them: packed JSON, one record a line. About one
 * line in a thousand was cut off on its way.
 */
final class RawFile implements AutoCloseable {

  private static final int CUT_OFF = 997;
  private static final List<String> OUTER = List.of("lat", "lon");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Writer lines;
  private final EventKind kind;
  private long written;

  private RawFile(Writer lines, EventKind kind) {
    this.lines = lines;
    this.kind = kind;
  }

  static RawFile create(Path file, EventKind kind) throws IOException {
    OutputStream packed = new GZIPOutputStream(Files.newOutputStream(file));
    return new RawFile(new OutputStreamWriter(packed, StandardCharsets.UTF_8), kind);
  }

  void write(Group event) throws IOException {
    String line = JSON.writeValueAsString(record(event));
    written++;
    lines.write(written % CUT_OFF == 0 ? line.substring(0, line.length() / 2) : line);
    lines.write('\n');
  }

  private ObjectNode record(Group event) {
    ObjectNode record = JSON.createObjectNode();
    ObjectNode inner = record.putObject("event");
    record.put("event_type", kind.partition());
    for (Type column : event.getType().getFields()) {
      String name = column.getName();
      if (event.getFieldRepetitionCount(name) == 0) {
        continue;
      }
      if (name.equals("media_type")) {
        inner.putObject("media").put(name, event.getString(name, 0)).put("src", "s3://media/1");
      } else if (name.equals("message_ts")) {
        Instant time = Instant.EPOCH.plus(event.getLong(name, 0), ChronoUnit.MICROS);
        inner.put(name, time.toString());
      } else if (column.asPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.INT64) {
        inner.put(name, event.getLong(name, 0));
      } else if (OUTER.contains(name)) {
        record.put(name, event.getDouble(name, 0));
      } else {
        inner.put(name, event.getString(name, 0));
      }
    }
    return record;
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}

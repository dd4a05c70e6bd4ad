package dev.caravan.cloud.events;

import dev.caravan.cloud.parquet.ParquetFile;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/** The city dictionary as the jobs read it, 24 Australian cities. */
final class SampleCityDictionary {

  private static final MessageType SCHEMA =
      MessageTypeParser.parseMessageType(
          """
          message city {
            required int32 city_id;
            required binary city_name (STRING);
            required double city_lat;
            required double city_lon;
            required binary timezone (STRING);
          }
          """);

  private SampleCityDictionary() {}

  static void write(Path file) throws IOException {
    try (ParquetFile parquet = ParquetFile.create(file, SCHEMA)) {
      for (SampleCity city : SampleCity.ALL) {
        Group row = new SimpleGroup(SCHEMA);
        row.add("city_id", city.id());
        row.add("city_name", city.name());
        row.add("city_lat", city.latitude());
        row.add("city_lon", city.longitude());
        row.add("timezone", city.timeZone());
        parquet.write(row);
      }
    }
  }
}

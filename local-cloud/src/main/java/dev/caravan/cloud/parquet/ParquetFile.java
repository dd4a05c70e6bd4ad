package dev.caravan.cloud.parquet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;

/**
 * Writes rows into one local parquet file, snappy-compressed. The same rows give the same bytes.
 * One thread at a time.
 */
public final class ParquetFile implements AutoCloseable {

  private final ParquetWriter<Group> writer;

  private ParquetFile(ParquetWriter<Group> writer) {
    this.writer = writer;
  }

  /** Begins a file; one that is there already is replaced. */
  public static ParquetFile create(Path file, MessageType schema) throws IOException {
    Files.deleteIfExists(file);
    return new ParquetFile(
        ExampleParquetWriter.builder(new LocalOutputFile(file))
            .withConf(new PlainParquetConfiguration())
            .withType(schema)
            .withCompressionCodec(CompressionCodecName.SNAPPY)
            .build());
  }

  public void write(Group row) throws IOException {
    writer.write(row);
  }

  @Override
  public void close() throws IOException {
    writer.close();
  }
}

package dev.caravan.processors.output;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;

/** Real parquet files, written in memory. */
public final class ParquetBytes {
  private ParquetBytes() {}

  /** Rows of longs. */
  static byte[] of(int rows, List<String> columns) {
    Types.MessageTypeBuilder type = Types.buildMessage();
    columns.forEach(name -> type.optional(PrimitiveTypeName.INT64).named(name));
    return of(rows, type.named("row"));
  }

  /** Rows of nothing but nulls, of any type. */
  static byte[] of(int rows, MessageType type) {
    return of(
        type,
        Collections.nCopies(rows, new SimpleGroup(type)),
        writer -> writer.withCompressionCodec(CompressionCodecName.UNCOMPRESSED));
  }

  /** These rows, written as the options say. */
  public static byte[] of(
      MessageType type, List<Group> rows, UnaryOperator<ExampleParquetWriter.Builder> options) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ParquetWriter<Group> writer =
        options
            .apply(
                ExampleParquetWriter.builder(new InMemory(bytes))
                    .withConf(new PlainParquetConfiguration())
                    .withType(type))
            .build()) {
      for (Group row : rows) {
        writer.write(row);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private record InMemory(ByteArrayOutputStream bytes) implements OutputFile {
    @Override
    public PositionOutputStream create(long blockSize) {
      return new PositionOutputStream() {
        @Override
        public long getPos() {
          return bytes.size();
        }

        @Override
        public void write(int b) {
          bytes.write(b);
        }

        @Override
        public void write(byte[] b, int off, int len) {
          bytes.write(b, off, len);
        }
      };
    }

    @Override
    public PositionOutputStream createOrOverwrite(long blockSize) {
      return create(blockSize);
    }

    @Override
    public boolean supportsBlockSize() {
      return false;
    }

    @Override
    public long defaultBlockSize() {
      return 0;
    }
  }
}

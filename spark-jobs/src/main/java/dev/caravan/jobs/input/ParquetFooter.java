package dev.caravan.jobs.input;

import dev.caravan.jobs.exit.ExitCode;
import dev.caravan.jobs.exit.JobFailedException;
import dev.caravan.jobs.storage.FileOpener;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Predicate;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Util;
import org.apache.parquet.format.converter.ParquetMetadataConverter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.schema.MessageType;

/**
 * The footer of one listed parquet file. Reading it is one ranged request, two for a footer of more
 * than 64 KB, and no Spark job.
 */
public final class ParquetFooter {
  private static final int TAIL_BYTES = 64 << 10;

  /** Length of the footer and the magic word. */
  private static final int END_BYTES = 8;

  private static final String MAGIC = "PAR1";

  private final FileStatus file;
  private final byte[] thrift;
  private final MessageType schema;
  private final long rows;

  private ParquetFooter(FileStatus file, byte[] thrift) throws IOException {
    this.file = file;
    this.thrift = thrift;
    FileMetaData metadata = metadata(true);
    this.schema =
        new ParquetMetadataConverter().fromParquetMetadata(metadata).getFileMetaData().getSchema();
    this.rows = metadata.getNum_rows();
  }

  /**
   * Reads the footer of {@code file}.
   *
   * @throws JobFailedException with {@link ExitCode#MISSING_COLUMNS} when it is no whole parquet
   *     file
   */
  public static ParquetFooter of(FileStatus file, Configuration conf) throws IOException {
    try (FSDataInputStream in = FileOpener.open(file, conf)) {
      long length = file.getLen();
      int tailBytes = (int) Math.min(length, TAIL_BYTES);
      byte[] tail = read(in, length - tailBytes, tailBytes);
      if (tailBytes < MAGIC.length() + END_BYTES
          || !MAGIC.equals(
              new String(tail, tailBytes - 4, MAGIC.length(), StandardCharsets.US_ASCII))) {
        throw damaged(
            file, "it does not end as a parquet file does; its writer may have been killed");
      }
      int footer =
          ByteBuffer.wrap(tail).order(ByteOrder.LITTLE_ENDIAN).getInt(tailBytes - END_BYTES);
      if (footer <= 0 || footer > length - MAGIC.length() - END_BYTES) {
        throw damaged(file, "its footer's length is " + footer + " bytes of " + length);
      }
      int from = tailBytes - END_BYTES - footer;
      return parsed(
          file,
          from >= 0
              ? Arrays.copyOfRange(tail, from, from + footer)
              : read(in, length - END_BYTES - footer, footer));
    }
  }

  private static ParquetFooter parsed(FileStatus file, byte[] thrift) {
    try {
      return new ParquetFooter(file, thrift);
    } catch (IOException | RuntimeException e) {
      throw damaged(file, "its footer can't be read: " + e.getMessage());
    }
  }

  private static JobFailedException damaged(FileStatus file, String why) {
    return new JobFailedException(
        ExitCode.MISSING_COLUMNS,
        file.getPath()
            + " is not a readable parquet file: "
            + why
            + ". Write it again, or exclude it: delete it, or rename it to begin with '_'");
  }

  /**
   * Passes if columns can be decompressed here: a codec may come with another library than Spark's.
   *
   * @param columns of the root, by name
   * @throws JobFailedException with {@link ExitCode#MISSING_COLUMNS} when a codec is missing
   */
  public ParquetFooter requireCodecs(Predicate<String> columns, Configuration conf)
      throws IOException {
    for (RowGroup group : metadata(false).getRow_groups()) {
      for (ColumnChunk chunk : group.getColumns()) {
        ColumnMetaData column = chunk.getMeta_data();
        if (chunk.isSetMeta_data()
            && columns.test(column.getPath_in_schema().get(0))
            && !hasCodec(column.getCodec(), conf)) {
          throw damaged(
              file,
              String.format(
                  "its column %s is compressed with %s, for which Spark has no codec on its class"
                      + " path",
                  String.join(".", column.getPath_in_schema()), column.getCodec()));
        }
      }
    }
    return this;
  }

  private static boolean hasCodec(CompressionCodec codec, Configuration conf) {
    if (codec == null) {
      return false;
    }
    String name = CompressionCodecName.fromParquet(codec).getHadoopCompressionCodecClassName();
    return name == null || conf.getClassByNameOrNull(name) != null;
  }

  private static byte[] read(FSDataInputStream in, long from, int length) throws IOException {
    byte[] bytes = new byte[length];
    in.seek(from);
    in.readFully(bytes);
    return bytes;
  }

  private FileMetaData metadata(boolean withoutRowGroups) throws IOException {
    return Util.readFileMetaData(new ByteArrayInputStream(thrift), withoutRowGroups);
  }

  /** The columns as the file has them. */
  public MessageType schema() {
    return schema;
  }

  /** Number of rows in the file. */
  public long rows() {
    return rows;
  }

  /**
   * Whether no row has a value in a column of the root, by the statistics; false where they don't
   * tell.
   */
  boolean isAllNull(String column) {
    FileMetaData metadata;
    try {
      metadata = metadata(false);
    } catch (IOException e) {
      return false;
    }
    for (RowGroup group : metadata.getRow_groups()) {
      boolean allNull =
          group.getColumns().stream()
              .filter(chunk -> chunk.isSetMeta_data())
              .map(chunk -> chunk.getMeta_data())
              .filter(chunk -> chunk.getPath_in_schema().get(0).equals(column))
              .allMatch(ParquetFooter::isAllNull);
      if (!allNull) {
        return false;
      }
    }
    return true;
  }

  private static boolean isAllNull(ColumnMetaData chunk) {
    return chunk.isSetStatistics()
        && chunk.getStatistics().isSetNull_count()
        && chunk.getStatistics().getNull_count() == chunk.getNum_values();
  }
}

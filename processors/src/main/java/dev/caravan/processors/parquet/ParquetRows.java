package dev.caravan.processors.parquet;

import dev.caravan.shared.FatalException;
import dev.caravan.shared.RetryableException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/**
 * The first rows of a parquet file.
 *
 * @param types the top-level columns, all of them, with their types in the words of Spark SQL
 * @param rows the first rows, a value for each of the first {@link #MOST_COLUMNS} columns
 */
public record ParquetRows(Map<String, String> types, List<Map<String, Object>> rows) {
  /** A wider table's other columns are not read. */
  public static final int MOST_COLUMNS = 64;

  private static final long MOST_BYTES = 64 * 1024 * 1024;

  /**
   * Reads the types, and rows until there are enough.
   *
   * @throws IllegalArgumentException with a phrase that continues "FILE can't be read: " if it is
   *     corrupted, encrypted, or written in a way that is not known here
   */
  public static ParquetRows read(FileMetaData metadata, ByteRanges file, int limit) {
    try {
      MessageType schema = ParquetSchema.of(metadata.getSchema());
      Map<String, String> types = new LinkedHashMap<>();
      schema
          .getFields()
          .forEach(field -> types.put(field.getName(), ParquetSchema.sparkType(field)));
      return new ParquetRows(types, rows(metadata, narrowed(schema), file, limit));
    } catch (IllegalArgumentException | RetryableException | FatalException e) {
      throw e;
    } catch (OutOfMemoryError e) {
      // parquet-column makes an array of whatever length corrupted bytes tell.
      throw new IllegalArgumentException("it is corrupted, or too large to be shown", e);
    } catch (RuntimeException | StackOverflowError e) {
      throw new IllegalArgumentException("it is corrupted (" + e + ")", e);
    }
  }

  private static MessageType narrowed(MessageType schema) {
    List<Type> fields = schema.getFields();
    return new MessageType(
        schema.getName(), fields.subList(0, Math.min(MOST_COLUMNS, fields.size())));
  }

  private static List<Map<String, Object>> rows(
      FileMetaData metadata, MessageType schema, ByteRanges file, int limit) {
    List<Map<String, Object>> rows = new ArrayList<>();
    ReadBudget budget = new ReadBudget(MOST_BYTES);
    for (RowGroup group : metadata.getRow_groups()) {
      if (rows.size() >= limit || schema.getFieldCount() == 0) {
        return rows;
      }
      RecordReader<Group> records =
          new ColumnIOFactory()
              .getColumnIO(schema)
              .getRecordReader(
                  new RowGroupPages(group, file, budget), new GroupRecordConverter(schema));
      for (long row = 0; row < group.getNum_rows() && rows.size() < limit; row++) {
        rows.add(RowValues.of(records.read()));
      }
    }
    return rows;
  }

  private record RowGroupPages(RowGroup group, ByteRanges file, ReadBudget budget)
      implements PageReadStore {
    @Override
    public PageReader getPageReader(ColumnDescriptor column) {
      for (ColumnChunk chunk : group.getColumns()) {
        if (chunk.isSetCrypto_metadata() || !chunk.isSetMeta_data()) {
          throw new IllegalArgumentException("it is encrypted");
        }
        ColumnMetaData metadata = chunk.getMeta_data();
        if (metadata.getPath_in_schema().equals(Arrays.asList(column.getPath()))) {
          return new ColumnPages(column.getPrimitiveType(), metadata, file, budget);
        }
      }
      throw new IllegalArgumentException(
          "a row group lacks the column " + String.join(".", column.getPath()));
    }

    @Override
    public long getRowCount() {
      return group.getNum_rows();
    }
  }
}

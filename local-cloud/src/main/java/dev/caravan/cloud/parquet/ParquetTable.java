package dev.caravan.cloud.parquet;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/**
 * The first rows of a local parquet file as text.
 *
 * @param columns the names of the top-level columns
 * @param rows the first rows, a text for each column
 * @param totalRows how many rows the whole file has
 */
public record ParquetTable(List<String> columns, List<List<String>> rows, long totalRows) {

  /** Reads the file's first rows, at most this many. */
  public static ParquetTable read(Path file, int limit) throws IOException {
    ParquetReadOptions options =
        ParquetReadOptions.builder(new PlainParquetConfiguration()).build();
    try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(file), options)) {
      MessageType schema = reader.getFileMetaData().getSchema();
      List<List<String>> rows = new ArrayList<>();
      PageReadStore pages = reader.readNextRowGroup();
      while (pages != null && rows.size() < limit) {
        RecordReader<Group> records =
            new ColumnIOFactory()
                .getColumnIO(schema)
                .getRecordReader(pages, new GroupRecordConverter(schema));
        for (long row = 0; row < pages.getRowCount() && rows.size() < limit; row++) {
          rows.add(cells(records.read()));
        }
        pages = reader.readNextRowGroup();
      }
      List<String> columns = schema.getFields().stream().map(Type::getName).toList();
      return new ParquetTable(columns, rows, reader.getRecordCount());
    }
  }

  private static List<String> cells(Group row) {
    List<String> cells = new ArrayList<>();
    for (int field = 0; field < row.getType().getFieldCount(); field++) {
      cells.add(CellText.of(row, field));
    }
    return cells;
  }

  /**
   * The rows under their column names, columns aligned, two blanks before each line; cells are cut
   * at this many characters.
   */
  public String text(int cellLimit) {
    List<List<String>> lines = new ArrayList<>();
    lines.add(columns);
    lines.addAll(rows);
    int[] widths = new int[columns.size()];
    for (List<String> line : lines) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], cut(line.get(i), cellLimit).length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (List<String> line : lines) {
      StringBuilder row = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        row.append("  ").append(cut(line.get(i), cellLimit));
        row.append(" ".repeat(widths[i] - cut(line.get(i), cellLimit).length()));
      }
      text.append(row.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }

  private static String cut(String cell, int limit) {
    return cell.length() <= limit ? cell : cell.substring(0, limit - 3) + "...";
  }
}

package dev.caravan.cloud.parquet;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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
  private static final String GAP = "  ";
  private static final int LEAST_CELL = 10;

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
   * at this many characters. Where that would be wider than the line, each row is a block with a
   * line for each of its columns.
   */
  public String text(int cellLimit, int lineLimit) {
    List<List<String>> lines = new ArrayList<>();
    lines.add(columns);
    lines.addAll(rows);
    int[] widths = new int[columns.size()];
    for (List<String> line : lines) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], cut(line.get(i), cellLimit).length());
      }
    }
    if (IntStream.of(widths).map(width -> GAP.length() + width).sum() > lineLimit) {
      return rows.stream()
          .map(row -> block(row, cellLimit, lineLimit))
          .collect(Collectors.joining("\n"));
    }
    StringBuilder text = new StringBuilder();
    for (List<String> line : lines) {
      StringBuilder row = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        row.append(padded(cut(line.get(i), cellLimit), widths[i]));
      }
      text.append(row.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }

  private String block(List<String> row, int cellLimit, int lineLimit) {
    int longest = columns.stream().mapToInt(String::length).max().orElse(0);
    int room = Math.max(LEAST_CELL, Math.min(cellLimit, lineLimit - longest - 2 * GAP.length()));
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < columns.size(); i++) {
      String line = padded(columns.get(i), longest) + GAP + cut(row.get(i), room);
      text.append(line.stripTrailing()).append('\n');
    }
    return text.toString();
  }

  private static String padded(String cell, int width) {
    return GAP + cell + " ".repeat(width - cell.length());
  }

  private static String cut(String cell, int limit) {
    return cell.length() <= limit ? cell : cell.substring(0, limit - 3) + "...";
  }
}

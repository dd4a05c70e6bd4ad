package dev.caravan.processors.parquet;

import java.io.ByteArrayInputStream;
import java.util.Arrays;
import java.util.Optional;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.DataPageV1;
import org.apache.parquet.column.page.DataPageV2;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DataPageHeaderV2;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.schema.PrimitiveType;
import shaded.parquet.org.apache.thrift.TException;
import shaded.parquet.org.apache.thrift.transport.TTransportException;

/**
 * The pages of a column in one row group, each read when it is asked for. The format
 * (parquet-format, README "Data Pages"): a dictionary page first, if there is one; before each page
 * its header in Thrift's compact protocol.
 */
final class ColumnPages implements PageReader {
  private static final int FIRST_READ_BYTES = 64 * 1024;
  private static final int LARGEST_HEADER_BYTES = 4 * 1024 * 1024;

  private final PrimitiveType type;
  private final ColumnMetaData chunk;
  private final ByteRanges file;
  private final ReadBudget budget;
  private final long end;
  private long position;
  private long valuesRead;
  private byte[] window = {};
  private long windowStart;
  private Optional<PageHeader> upcoming = Optional.empty();

  ColumnPages(PrimitiveType type, ColumnMetaData chunk, ByteRanges file, ReadBudget budget) {
    this.type = type;
    this.chunk = chunk;
    this.file = file;
    this.budget = budget;
    long first = chunk.getData_page_offset();
    // Some writers set it to 0 where there is none.
    long dictionary = chunk.isSetDictionary_page_offset() ? chunk.getDictionary_page_offset() : 0;
    this.position = dictionary > 0 && dictionary < first ? dictionary : first;
    this.end = position + chunk.getTotal_compressed_size();
  }

  @Override
  public long getTotalValueCount() {
    return chunk.getNum_values();
  }

  @Override
  public DictionaryPage readDictionaryPage() {
    PageHeader header = header();
    if (header.getType() != PageType.DICTIONARY_PAGE) {
      upcoming = Optional.of(header);
      return null; // PageReader's word for none.
    }
    int values = header.getDictionary_page_header().getNum_values();
    if (values < 0 || values > header.getUncompressed_page_size()) {
      throw new IllegalArgumentException("a dictionary declares " + values + " values");
    }
    return new DictionaryPage(
        BytesInput.from(page(header)),
        values,
        encoding(header.getDictionary_page_header().getEncoding()));
  }

  @Override
  public DataPage readPage() {
    while (valuesRead < chunk.getNum_values()) {
      PageHeader header = header();
      switch (header.getType()) {
        case DATA_PAGE -> {
          return first(header, header.getData_page_header());
        }
        case DATA_PAGE_V2 -> {
          return second(header, header.getData_page_header_v2());
        }
        default -> bytes(header.getCompressed_page_size());
      }
    }
    return null; // PageReader's word for the end.
  }

  private DataPage first(PageHeader header, DataPageHeader data) {
    count(data.getNum_values());
    return new DataPageV1(
        BytesInput.from(page(header)),
        data.getNum_values(),
        header.getUncompressed_page_size(),
        statistics(),
        encoding(data.getRepetition_level_encoding()),
        encoding(data.getDefinition_level_encoding()),
        encoding(data.getEncoding()));
  }

  /** The levels come first and are never compressed. */
  private DataPage second(PageHeader header, DataPageHeaderV2 data) {
    count(data.getNum_values());
    int levels = data.getRepetition_levels_byte_length() + data.getDefinition_levels_byte_length();
    budget.take(header.getUncompressed_page_size());
    byte[] all = bytes(header.getCompressed_page_size());
    byte[] values = Arrays.copyOfRange(all, levels, all.length);
    if (data.isIs_compressed()) {
      values =
          PageDecompression.decompress(
              chunk.getCodec(), values, header.getUncompressed_page_size() - levels);
    }
    int repetition = data.getRepetition_levels_byte_length();
    return DataPageV2.uncompressed(
        data.getNum_rows(),
        data.getNum_nulls(),
        data.getNum_values(),
        BytesInput.from(all, 0, repetition),
        BytesInput.from(all, repetition, levels - repetition),
        encoding(data.getEncoding()),
        BytesInput.from(values),
        statistics());
  }

  private void count(int values) {
    if (values < 0 || values > chunk.getNum_values() - valuesRead) {
      throw new IllegalArgumentException("a page declares " + values + " values");
    }
    valuesRead += values;
  }

  /** There are none: nothing here chooses by them. */
  private Statistics<?> statistics() {
    return Statistics.createStats(type);
  }

  private static Encoding encoding(org.apache.parquet.format.Encoding encoding) {
    return Encoding.valueOf(encoding.name());
  }

  private byte[] page(PageHeader header) {
    budget.take(header.getUncompressed_page_size());
    return PageDecompression.decompress(
        chunk.getCodec(),
        bytes(header.getCompressed_page_size()),
        header.getUncompressed_page_size());
  }

  private PageHeader header() {
    if (upcoming.isPresent()) {
      PageHeader known = upcoming.get();
      upcoming = Optional.empty();
      return known;
    }
    for (int size = FIRST_READ_BYTES; ; size *= 4) {
      byte[] bytes = peek((int) Math.min(size, end - position));
      ByteArrayInputStream in = new ByteArrayInputStream(bytes);
      PageHeader header = new PageHeader();
      try {
        header.read(new BoundedProtocol(in));
        position += bytes.length - in.available();
        return header;
      } catch (TTransportException e) {
        // It may go on behind what was read.
        if (size >= LARGEST_HEADER_BYTES || bytes.length < size) {
          throw new IllegalArgumentException("a page's header can't be read", e);
        }
      } catch (TException e) {
        throw new IllegalArgumentException("a page's header can't be read", e);
      }
    }
  }

  private byte[] bytes(int length) {
    if (length < 0 || length > end - position) {
      throw new IllegalArgumentException("a page declares " + length + " bytes");
    }
    byte[] bytes = peek(length);
    position += length;
    return bytes;
  }

  /** The bytes from here on; the small pages of a small column come with one call. */
  private byte[] peek(int length) {
    if (length <= 0) {
      return new byte[0];
    }
    long offset = position - windowStart;
    if (offset < 0 || offset + length > window.length) {
      int size = (int) Math.min(Math.max(length, FIRST_READ_BYTES), end - position);
      budget.take(size);
      window = file.range(position, position + size - 1);
      windowStart = position;
      offset = 0;
    }
    return Arrays.copyOfRange(window, (int) offset, (int) offset + length);
  }
}

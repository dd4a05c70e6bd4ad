package dev.caravan.jobs.input;

import dev.caravan.jobs.storage.ListedFileSystem;
import java.io.Closeable;
import java.io.IOException;
import java.io.Serializable;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskKilledException;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.execution.datasources.PartitionedFile;
import org.apache.spark.sql.execution.datasources.parquet.ParquetFileFormat;
import org.apache.spark.sql.execution.datasources.text.TextFileFormat;
import org.apache.spark.sql.sources.Filter;
import org.apache.spark.sql.types.StructType;
import scala.Function1;
import scala.collection.Iterator;
import scala.collection.Seq;
import scala.collection.immutable.Map;
import scala.runtime.AbstractFunction1;

/**
 * Wraps Spark's file formats so that a failure names its file. Spark itself does that only for the
 * first rows of a file: a truncated compressed file fails with nothing but "Unexpected end of
 * input".
 */
final class NamedFiles {
  private NamedFiles() {}

  /** Parquet. */
  static final class Parquet extends ParquetFileFormat {
    private static final long serialVersionUID = 1L;

    @Override
    public Function1<PartitionedFile, Iterator<InternalRow>> buildReaderWithPartitionValues(
        SparkSession spark,
        StructType data,
        StructType partitions,
        StructType required,
        Seq<Filter> filters,
        Map<String, String> options,
        Configuration conf) {
      ListedFileSystem.use(conf);
      return new Reader(
          super.buildReaderWithPartitionValues(
              spark, data, partitions, required, filters, options, conf));
    }
  }

  /** Lines. */
  static final class Text extends TextFileFormat {
    private static final long serialVersionUID = 1L;

    @Override
    public Function1<PartitionedFile, Iterator<InternalRow>> buildReader(
        SparkSession spark,
        StructType data,
        StructType partitions,
        StructType required,
        Seq<Filter> filters,
        Map<String, String> options,
        Configuration conf) {
      return new Reader(
          super.buildReader(spark, data, partitions, required, filters, options, conf));
    }
  }

  private static final class Reader
      extends AbstractFunction1<PartitionedFile, Iterator<InternalRow>> implements Serializable {
    private static final long serialVersionUID = 1L;

    private final Function1<PartitionedFile, Iterator<InternalRow>> reader;

    Reader(Function1<PartitionedFile, Iterator<InternalRow>> reader) {
      this.reader = reader;
    }

    @Override
    @SuppressWarnings("unchecked")
    public Iterator<InternalRow> apply(PartitionedFile file) {
      try {
        Iterator<InternalRow> rows =
            ListedFileSystem.opening(listed(file), () -> reader.apply(file));
        return (Iterator<InternalRow>) (Iterator<?>) new Rows(rows, file);
      } catch (Exception e) {
        throw unreadable(file, e);
      }
    }
  }

  /** Of rows, or of batches of them that Spark calls rows. */
  private static final class Rows extends scala.collection.AbstractIterator<Object>
      implements Closeable {
    private final Iterator<?> rows;
    private final PartitionedFile file;

    Rows(Iterator<?> rows, PartitionedFile file) {
      this.rows = rows;
      this.file = file;
    }

    @Override
    public boolean hasNext() {
      try {
        return rows.hasNext();
      } catch (Exception e) {
        throw unreadable(file, e);
      }
    }

    @Override
    public Object next() {
      try {
        return rows.next();
      } catch (Exception e) {
        throw unreadable(file, e);
      }
    }

    @Override
    public void close() throws IOException {
      if (rows instanceof Closeable) {
        ((Closeable) rows).close();
      }
    }
  }

  /** Scala's exceptions are all unchecked. A task that is killed is no failure of its file. */
  @SuppressWarnings("unchecked")
  private static <E extends Exception> RuntimeException unreadable(
      PartitionedFile file, Exception cause) throws E {
    boolean killed =
        cause instanceof TaskKilledException || (Exception) cause instanceof InterruptedException;
    throw (E) (killed ? cause : new UnreadableFileException(name(file), cause));
  }

  private static FileStatus listed(PartitionedFile file) {
    return new FileStatus(
        file.fileSize(), false, 1, 0, file.modificationTime(), new Path(name(file)));
  }

  /** Releases of Spark differ in the type of the path, not in how a file is told in words. */
  private static String name(PartitionedFile file) {
    String words = file.toString();
    int begin = words.indexOf("path: ");
    int end = words.lastIndexOf(", range: ");
    if (begin < 0 || end < begin) {
      return words;
    }
    return decoded(words.substring(begin + "path: ".length(), end));
  }

  /** A path as it is, of the URI that Spark makes of it. */
  static String decoded(String uri) {
    try {
      return new Path(URI.create(uri)).toString();
    } catch (IllegalArgumentException e) {
      return uri;
    }
  }
}

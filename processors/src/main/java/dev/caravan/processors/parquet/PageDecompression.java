package dev.caravan.processors.parquet;

import io.airlift.compress.Decompressor;
import io.airlift.compress.lz4.Lz4Decompressor;
import io.airlift.compress.snappy.SnappyDecompressor;
import io.airlift.compress.zstd.ZstdDecompressor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.zip.GZIPInputStream;
import org.apache.parquet.format.CompressionCodec;

/** Decompresses the pages of parquet files. */
final class PageDecompression {
  private PageDecompression() {}

  /**
   * The bytes of a page.
   *
   * @param size of the result, as the page's header tells
   * @throws IllegalArgumentException if the codec is not known here, or the bytes are corrupted
   */
  static byte[] decompress(CompressionCodec codec, byte[] bytes, int size) {
    return switch (codec) {
      case UNCOMPRESSED -> bytes;
      case GZIP -> gunzip(bytes, size);
      case SNAPPY -> decompress(new SnappyDecompressor(), bytes, size);
      case ZSTD -> decompress(new ZstdDecompressor(), bytes, size);
      case LZ4_RAW -> decompress(new Lz4Decompressor(), bytes, size);
      default ->
          throw new IllegalArgumentException("its compression " + codec + " can't be read here");
    };
  }

  private static byte[] decompress(Decompressor decompressor, byte[] bytes, int size) {
    byte[] page = new byte[size];
    int length = decompressor.decompress(bytes, 0, bytes.length, page, 0, size);
    if (length != size) {
      throw new IllegalArgumentException("a page has " + length + " bytes instead of " + size);
    }
    return page;
  }

  private static byte[] gunzip(byte[] bytes, int size) {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      return in.readNBytes(size);
    } catch (IOException e) {
      throw new IllegalArgumentException("a page can't be decompressed: " + e.getMessage(), e);
    }
  }
}

package dev.caravan.processors.parquet;

import java.io.ByteArrayInputStream;
import shaded.parquet.org.apache.thrift.TConfiguration;
import shaded.parquet.org.apache.thrift.TException;
import shaded.parquet.org.apache.thrift.protocol.TCompactProtocol;
import shaded.parquet.org.apache.thrift.protocol.TList;
import shaded.parquet.org.apache.thrift.protocol.TProtocolException;
import shaded.parquet.org.apache.thrift.transport.TIOStreamTransport;
import shaded.parquet.org.apache.thrift.transport.TTransportException;

/**
 * Thrift's compact protocol over bytes that may be corrupted. Texts can't claim more bytes than
 * there are, by Thrift's own settings; lists of structs could, and would be allocated before they
 * are read, so that is checked here: an element takes at least a byte.
 */
public final class BoundedProtocol extends TCompactProtocol {
  private static final int MOST_DEEP = 100;

  private final int bytes;

  public BoundedProtocol(byte[] message) throws TTransportException {
    this(new ByteArrayInputStream(message));
  }

  /** Leaves the stream behind what it has read. */
  BoundedProtocol(ByteArrayInputStream message) throws TTransportException {
    super(
        new TIOStreamTransport(
            new TConfiguration(message.available(), message.available(), MOST_DEEP), message));
    this.bytes = message.available();
  }

  @Override
  public TList readListBegin() throws TException {
    TList list = super.readListBegin();
    if (list.size > bytes) {
      throw new TProtocolException(
          TProtocolException.SIZE_LIMIT, "a list declares " + list.size + " elements");
    }
    return list;
  }
}

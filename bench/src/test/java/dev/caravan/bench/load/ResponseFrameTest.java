package dev.caravan.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseFrameTest {
  private static final String OK = "HTTP/1.1 200 OK\r\n";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 404 Not Found\r\ncontent-length: 5\r\n\r\nhello",
        "HTTP/1.1 404 Not Found\r\nA: b\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\n\r\n",
        "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
      })
  void endsAtTheLastByteHoweverTheBytesCome(String response) throws Exception {
    byte[] bytes = response.getBytes(StandardCharsets.US_ASCII);
    ResponseFrame frame = new ResponseFrame();
    for (int i = 0; i < bytes.length; i++) {
      boolean last = i == bytes.length - 1;
      assertThat(frame.take(ByteBuffer.wrap(bytes, i, 1))).isEqualTo(last);
    }
    assertThat(frame.status()).isEqualTo(404);
  }

  @Test
  void leavesWhatComesAfterTheEnd() throws Exception {
    ByteBuffer two =
        ByteBuffer.wrap(
            (OK + "Content-Length: 2\r\n\r\nabHTTP").getBytes(StandardCharsets.US_ASCII));
    assertThat(new ResponseFrame().take(two)).isTrue();
    assertThat(two.remaining()).isEqualTo(4);
  }
}

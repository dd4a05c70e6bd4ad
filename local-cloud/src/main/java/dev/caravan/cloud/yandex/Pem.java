package dev.caravan.cloud.yandex;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** PEM text as openssl writes it: 64 characters a line, a line feed at the end. */
final class Pem {

  private Pem() {}

  static String of(String label, byte[] encoded) {
    byte[] lineFeed = "\n".getBytes(StandardCharsets.US_ASCII);
    String lines = Base64.getMimeEncoder(64, lineFeed).encodeToString(encoded);
    return "-----BEGIN " + label + "-----\n" + lines + "\n-----END " + label + "-----\n";
  }

  /** What a text of one block encodes; a key file of the cloud has a remark before it. */
  static byte[] bytes(String pem) {
    return Base64.getMimeDecoder()
        .decode(pem.replaceAll("(?s).*-----BEGIN [^-]+-----|-----END .*", ""));
  }
}

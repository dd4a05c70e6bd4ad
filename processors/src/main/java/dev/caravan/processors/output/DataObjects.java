package dev.caravan.processors.output;

/**
 * Tells data from what Spark, Hadoop and S3 tools leave beside it. As for Spark, a name is hidden
 * if it begins with a dot, or with an underscore without being a partition ({@code _a=1}).
 */
final class DataObjects {
  private DataObjects() {}

  static boolean isData(S3Location prefix, StoredObject object) {
    String key = object.location().key();
    boolean directory = object.size() == 0 && (key.endsWith("/") || key.endsWith("_$folder$"));
    if (directory) {
      return false;
    }
    for (String name : key.substring(prefix.key().length()).split("/")) {
      if (name.startsWith(".") || (name.startsWith("_") && !name.contains("="))) {
        return false;
      }
    }
    return true;
  }
}

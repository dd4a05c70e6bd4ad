package dev.caravan.cloud.cluster;

/** A Spark application that only says what it was given and ends with 7. */
public final class EchoJob {

  private EchoJob() {}

  public static void main(String[] args) {
    for (String arg : args) {
      System.out.println("[" + arg + "]");
    }
    System.exit(7);
  }
}

package dev.caravan.endpoint.submit;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Spark settings that a request must not set: where and as whom the driver runs, what is loaded
 * into it, which programs it starts. Secrets are rejected too, because every user of the machine
 * could read them in argv.
 */
final class RefusedConf {
  private static final Set<String> ALLOWED_YARN =
      Set.of(
          "spark.yarn.queue",
          "spark.yarn.priority",
          "spark.yarn.am.memory",
          "spark.yarn.am.cores",
          "spark.yarn.am.memoryoverhead",
          "spark.yarn.maxappattempts",
          "spark.yarn.executor.memoryoverhead",
          "spark.yarn.driver.memoryoverhead");

  private static final List<Pattern> REFUSED =
      List.of(
          // Where and as whom.
          pattern(
              "spark\\.(master|remote|submit\\..*|proxyuser|kerberos\\..*|authenticate.*|acls\\..*|admin\\..*|modify\\..*|ssl\\..*|io\\.encryption\\..*)"),
          pattern("spark\\.(yarn|kubernetes|mesos|deploy|worker|history|connect|api)\\..*"),
          // What is loaded.
          pattern("spark\\..*(extra|default)(classpath|librarypath|javaoptions).*"),
          pattern("spark\\..*(userclasspath|user\\.classpath).*"),
          pattern("spark\\.(jars|files|archives|plugins|repl|r|pyspark|python)(\\..*)?"),
          pattern(
              "spark\\.(extralisteners|sql\\.extensions|sql\\.queryexecutionlisteners|sql\\.catalog\\..*|sql\\.hive\\.metastore\\.jars.*|sql\\.hive\\.metastore\\.sharedprefixes)"),
          pattern(
              "spark\\.(sql\\.streaming\\.streamingquerylisteners|sql\\.artifact\\..*|sql\\.defaultcatalog|redaction\\..*|sql\\.redaction\\..*)"),
          pattern(
              "spark\\.ui\\.(filters|.*proxy.*)|spark\\.metrics\\..*|spark\\.(event|driver)log\\..*|spark\\.driver\\.log\\..*"),
          // What is started, and its environment.
          pattern(
              "spark\\.(executorenv|launcher)\\..*|spark\\.executor\\.plugins|spark\\.hadoop\\.net\\..*|spark\\.(driver|executor)env\\..*|spark\\..*discovery(script|plugin).*|spark\\..*command|spark\\..*decommission.*script"),
          // Secrets, and Hadoop's own doors.
          pattern("spark\\..*(secret|password|passwd|token|access[._-]?key|credential).*"),
          pattern("spark\\.hadoop\\.fs\\..*(key|\\.account\\.).*"),
          pattern(
              "spark\\.hadoop\\.(hadoop|yarn|dfs|javax|hive)\\..*|spark\\.hadoop\\.fs\\.(defaultfs|.*\\.impl)|spark\\.hadoop\\.fs\\.s3a\\..*(endpoint|proxy|factory|provider|signing|signer|ssl).*"));

  private RefusedConf() {}

  /**
   * Throws if a request may not set {@code key}; Spark's own keys are case-sensitive, this check is
   * not.
   */
  static void check(String key) {
    String lower = key.toLowerCase(Locale.ROOT);
    if (!ALLOWED_YARN.contains(lower)
        && REFUSED.stream().anyMatch(pattern -> pattern.matcher(lower).matches())) {
      throw new RejectedException("the conf key '" + key + "' may not be set by a request");
    }
  }

  private static Pattern pattern(String regex) {
    return Pattern.compile(regex);
  }
}

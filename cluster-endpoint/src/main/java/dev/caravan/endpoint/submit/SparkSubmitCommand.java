package dev.caravan.endpoint.submit;

import dev.caravan.endpoint.settings.SubmitSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * Builds the argument list of spark-submit: a list from first to last, no text of a request is ever
 * parsed again.
 */
public final class SparkSubmitCommand {
  /**
   * Options that Spark puts before the site's own {@code spark.driver.extraJavaOptions}. No
   * collector is chosen here: should the site have chosen another one, Java would not start.
   */
  private static final String DRIVER_OPTIONS = "spark.driver.defaultJavaOptions";

  /**
   * On YARN in client mode the driver runs no tasks; it only plans, which is too short for
   * optimized code to pay off. Executors keep their own options.
   */
  private static final String PLANNING_ONLY = "-XX:TieredStopAtLevel=1";

  private final SubmitSettings settings;
  private final AllowedFiles allowed;
  private final EventLogConf eventLog;
  private final ArgumentEncoding encoding = new ArgumentEncoding();

  /** One for all requests. */
  public SparkSubmitCommand(SubmitSettings settings) {
    this.settings = settings;
    this.allowed = new AllowedFiles("endpoint.allowed-files", settings.allowedFiles());
    this.eventLog = new EventLogConf(settings.eventLogs());
  }

  /**
   * The words to run, the program first.
   *
   * @param tag goes to YARN with the application, so that it can be found again
   * @throws RejectedException for a file, conf key or user that is not allowed
   */
  public List<String> words(SubmissionBody request, String tag) {
    allowed.check("file", request.file());
    request.jars().forEach(jar -> allowed.check("jars", jar));
    request.pyFiles().forEach(file -> allowed.check("pyFiles", file));
    request.files().forEach(file -> allowed.checkWithAlias("files", file));
    request.archives().forEach(file -> allowed.checkWithAlias("archives", file));
    request.conf().forEach(this::checkConf);
    request.proxyUser().ifPresent(this::checkProxyUser);

    List<String> words = new ArrayList<>();
    words.add(settings.sparkSubmit().toString());
    words.addAll(List.of("--master", settings.master(), "--deploy-mode", settings.deployMode()));
    request.className().ifPresent(value -> words.addAll(List.of("--class", value)));
    request.name().ifPresent(value -> words.addAll(List.of("--name", value)));
    request.proxyUser().ifPresent(value -> words.addAll(List.of("--proxy-user", value)));
    request.queue().ifPresent(value -> words.addAll(List.of("--queue", value)));
    request.driverMemory().ifPresent(value -> words.addAll(List.of("--driver-memory", value)));
    request.executorMemory().ifPresent(value -> words.addAll(List.of("--executor-memory", value)));
    number(words, "--driver-cores", request.driverCores());
    number(words, "--executor-cores", request.executorCores());
    number(words, "--num-executors", request.numExecutors());
    joined(words, "--jars", request.jars());
    joined(words, "--py-files", request.pyFiles());
    joined(words, "--files", request.files());
    joined(words, "--archives", request.archives());
    conf(request, tag).forEach((key, value) -> words.addAll(List.of("--conf", key + "=" + value)));
    words.add(request.file());
    words.addAll(request.args());
    return encoding.check(List.copyOf(words));
  }

  private void checkConf(String key, String value) {
    if (!eventLog.takes(key, value)) {
      RefusedConf.check(key);
    }
  }

  private void checkProxyUser(String user) {
    if (!settings.proxyUsers().contains(user)) {
      throw new RejectedException(
          "the field 'proxyUser': '" + user + "' is not one of endpoint.proxy-users");
    }
  }

  private Map<String, String> conf(SubmissionBody request, String tag) {
    Map<String, String> conf = new TreeMap<>(request.conf());
    conf.putAll(settings.forcedConf());
    if (settings.master().startsWith("yarn")) {
      if (!settings.clusterMode()) {
        conf.putIfAbsent(DRIVER_OPTIONS, PLANNING_ONLY);
      }
      conf.merge("spark.yarn.tags", tag, (forced, own) -> forced + "," + own);
      // In cluster mode the exit code would otherwise be that of the submission, not of the job.
      conf.put("spark.yarn.submit.waitAppCompletion", "true");
    }
    return conf;
  }

  private static void number(List<String> words, String option, OptionalInt value) {
    value.ifPresent(number -> words.addAll(List.of(option, Integer.toString(number))));
  }

  private static void joined(List<String> words, String option, List<String> values) {
    if (!values.isEmpty()) {
      words.addAll(List.of(option, String.join(",", values)));
    }
  }
}

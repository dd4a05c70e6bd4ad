package dev.caravan.routes;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Who may know whom, over the classes of all modules: routes know processors; nobody else of ours
 * knows anybody; only one package knows gRPC.
 */
class ArchitectureTest {
  private static final List<String> MODULES =
      List.of("spark-jobs", "local-cloud", "processors", "cluster-endpoint", "routes");

  private static JavaClasses classes;

  @BeforeAll
  static void readClassesOfAllModules() {
    List<Path> directories =
        MODULES.stream().map(module -> Path.of("..", module, "target", "classes")).toList();
    assertThat(directories)
        .as("every module is built before this one")
        .allMatch(Files::isDirectory);
    classes = new ClassFileImporter().importPaths(directories);
    assertThat(classes.size()).isGreaterThan(100);
  }

  @Test
  void processorsKnowNeitherRoutesNorEndpointNorJobsNorTheLocalCloud() {
    noClasses()
        .that()
        .resideInAPackage("dev.caravan.processors..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.caravan.routes..",
            "dev.caravan.endpoint..",
            "dev.caravan.jobs..",
            "dev.caravan.cloud..")
        .check(classes);
  }

  @Test
  void routesKnowOnlyProcessors() {
    noClasses()
        .that()
        .resideInAPackage("dev.caravan.routes..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.caravan.endpoint..", "dev.caravan.jobs..", "dev.caravan.cloud..")
        .check(classes);
  }

  @Test
  void theEndpointKnowsOnlyTheYandexClientAndOnlyForItsOwnClustersStop() {
    noClasses()
        .that()
        .resideInAPackage("dev.caravan.endpoint..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.caravan.routes..",
            "dev.caravan.jobs..",
            "dev.caravan.cloud..",
            "dev.caravan.processors",
            "dev.caravan.processors.batches..",
            "dev.caravan.processors.journal..",
            "dev.caravan.processors.logs..",
            "dev.caravan.processors.output..")
        .check(classes);
    noClasses()
        .that()
        .resideInAPackage("dev.caravan.endpoint..")
        .and()
        .resideOutsideOfPackages("dev.caravan.endpoint.lease", "dev.caravan.endpoint.settings")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.caravan.processors..")
        .check(classes);
  }

  @Test
  void theJobsAndTheLocalCloudKnowNobody() {
    for (String own : List.of("jobs", "cloud")) {
      String[] others =
          List.of("routes", "processors", "endpoint", "jobs", "cloud").stream()
              .filter(other -> !other.equals(own))
              .map(other -> "dev.caravan." + other + "..")
              .toArray(String[]::new);
      noClasses()
          .that()
          .resideInAPackage("dev.caravan." + own + "..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(others)
          .check(classes);
    }
  }

  @Test
  void sparkJobsDependOnSparkAlone() {
    noClasses()
        .that()
        .resideInAPackage("dev.caravan.jobs..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.camel..", "io.grpc..", "yandex..", "software.amazon..")
        .check(classes);
  }

  @Test
  void onlyTheYandexClientKnowsGrpcTypes() {
    noClasses()
        .that()
        .resideInAPackage("dev.caravan.processors..")
        .and()
        .resideOutsideOfPackage("dev.caravan.processors.yandex..")
        .or()
        .resideInAPackage("dev.caravan.routes..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.grpc..", "yandex..", "com.google.protobuf..")
        .check(classes);
  }

  /** Not only our own code: H2, JDBI and others change letters' case in the default locale. */
  @Test
  void everyProcessOfOursSetsItsLocale() {
    classes()
        .that(
            describe(
                "have a main method",
                each -> each.tryGetMethod("main", String[].class).isPresent()))
        .should()
        .callMethod(Locale.class, "setDefault", Locale.class)
        .check(classes);
  }
}

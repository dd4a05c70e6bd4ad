package dev.caravan.routes;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.caravan.shared.MutableClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may know whom, over the classes of all modules, and who may know which library. */
@Tag("slow")
class ArchitectureTest {
  private static final List<String> MODULES =
      List.of(
          "shared",
          "spark-jobs",
          "local-cloud",
          "processors",
          "cluster-endpoint",
          "routes",
          "bench",
          "bench/naive");

  /** Each part of ours, a package below {@code dev.caravan}, and the parts that it may know. */
  private static final Map<String, Set<String>> MAY_KNOW =
      Map.ofEntries(
          entry("shared", Set.of()),
          entry("processors", Set.of("shared")),
          entry("routes", Set.of("processors", "shared")),
          entry("endpoint", Set.of("shared")),
          entry("jobs", Set.of()),
          entry("cloud", Set.of()),
          entry("bench.endpoint", Set.of("bench.load", "bench.results", "cloud")),
          entry("bench.spark", Set.of("bench.load", "bench.results", "cloud")),
          entry("bench.backfill", Set.of("bench.results", "cloud")),
          entry("bench.server", Set.of("bench.history", "bench.load", "bench.results", "cloud")),
          entry("bench.journal", Set.of("bench.history", "bench.results", "cloud", "processors")),
          entry("bench.history", Set.of()),
          entry("bench.load", Set.of("bench.results")),
          entry("bench.results", Set.of()),
          entry("bench.naive", Set.of()));

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
  void everyClassIsOfAPartWithARule() {
    assertThat(classes)
        .filteredOn(each -> parts().noneMatch(part -> isOf(part, each.getPackageName())))
        .isEmpty();
    assertThat(parts())
        .allMatch(
            part -> classes.stream().anyMatch(each -> isOf(part, each.getPackageName())),
            "has classes");
  }

  @ParameterizedTest
  @MethodSource("parts")
  void aPartKnowsOnlyThoseThatItMay(String part) {
    noClasses()
        .that()
        .resideInAPackage("dev.caravan." + part + "..")
        .should()
        .dependOnClassesThat(
            describe(
                "are of another part of Caravan than " + MAY_KNOW.get(part),
                each ->
                    each.getPackageName().startsWith("dev.caravan.")
                        && !isOf(part, each.getPackageName())
                        && MAY_KNOW.get(part).stream()
                            .noneMatch(known -> isOf(known, each.getPackageName()))))
        .check(classes);
  }

  private static Stream<String> parts() {
    return MAY_KNOW.keySet().stream().sorted();
  }

  private static boolean isOf(String part, String packageName) {
    return (packageName + ".").startsWith("dev.caravan." + part + ".");
  }

  /** Batch is one thing, seen by the client and by the server. */
  @Test
  void noTwoClassesHaveOneName() {
    assertThat(
            classes.stream()
                .filter(JavaClass::isTopLevelClass)
                .map(JavaClass::getSimpleName)
                .filter(name -> !name.equals("package-info"))
                .collect(Collectors.groupingBy(name -> name, Collectors.counting()))
                .entrySet())
        .filteredOn(name -> name.getValue() > 1)
        .extracting(Map.Entry::getKey)
        .containsExactly("Batch");
  }

  @Test
  void nobodyButTestsMovesAClock() {
    noClasses()
        .that()
        .areNotAssignableTo(MutableClock.class)
        .should()
        .dependOnClassesThat()
        .areAssignableTo(MutableClock.class)
        .check(classes);
  }

  @Test
  void onlyRoutesProcessorsTheEndpointAndTheSharedServerKnowCamel() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            "dev.caravan.routes..",
            "dev.caravan.processors..",
            "dev.caravan.endpoint..",
            "dev.caravan.shared.http..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.camel..")
        .check(classes);
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
        .resideOutsideOfPackages("dev.caravan.shared.yandex..", "dev.caravan.cloud..")
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

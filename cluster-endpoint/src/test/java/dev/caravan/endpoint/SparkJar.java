package dev.caravan.endpoint;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/**
 * A jar of one Spark job, compiled here from its source among the tests' resources: Spark is on the
 * class path of no test of the endpoint.
 */
final class SparkJar {
  private SparkJar() {}

  /** Compiles the class of this name, which has no package, against the jars of a Spark home. */
  static Path of(String name, Path sparkHome, Path directory) throws Exception {
    Path source = directory.resolve(name + ".java");
    try (InputStream text = SparkJar.class.getResourceAsStream(name + ".java")) {
      Files.copy(text, source);
    }
    String[] words = {
      "-proc:none", "-cp", jars(sparkHome), "-d", directory.toString(), source.toString()
    };
    int code = ToolProvider.getSystemJavaCompiler().run(null, null, null, words);
    if (code != 0) {
      throw new AssertionError(source + " doesn't compile; javac ended with " + code);
    }
    Path jar = directory.resolve(name + ".jar");
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(out)) {
      entries.putNextEntry(new JarEntry(name + ".class"));
      Files.copy(directory.resolve(name + ".class"), entries);
    }
    return jar;
  }

  /** One by one: only the command javac knows the asterisk. */
  private static String jars(Path sparkHome) throws IOException {
    try (Stream<Path> jars = Files.list(sparkHome.resolve("jars"))) {
      return jars.map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }
  }
}

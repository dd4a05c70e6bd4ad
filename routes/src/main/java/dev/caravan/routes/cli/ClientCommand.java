package dev.caravan.routes.cli;

import dev.caravan.routes.operations.ControlPlane;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;

/** A command that asks a control plane once, and reports. */
abstract class ClientCommand implements Callable<Integer> {
  @Mixin private ClientOptions client = new ClientOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  @Override
  public final Integer call() {
    try (ControlPlane plane = client.open()) {
      return call(plane, output.report());
    }
  }

  /** Whom it asks, and by which settings. */
  final ClientOptions client() {
    return client;
  }

  /** Whose today it is. */
  final ZoneOption zone() {
    return output.zone();
  }

  /** Gives the exit code. */
  abstract int call(ControlPlane plane, Report report);
}

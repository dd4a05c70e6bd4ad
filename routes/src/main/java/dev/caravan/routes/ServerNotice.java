package dev.caravan.routes;

import dev.caravan.routes.cli.TextTable;
import dev.caravan.routes.operations.ClusterView;
import dev.caravan.routes.operations.ControlPlane;
import dev.caravan.routes.operations.FireTime;
import dev.caravan.routes.operations.PauseView;
import dev.caravan.routes.operations.PipelineView;
import dev.caravan.routes.operations.StatusView;
import java.net.URI;
import java.util.List;

/** What a server says when it begins: where it is, what it runs and when, on which clusters. */
final class ServerNotice {
  private ServerNotice() {}

  static String of(ControlPlane controlPlane, URI address, int columns) {
    TextTable pipelines =
        new TextTable(
            List.of("pipeline", "cluster", "next", "date", "remark"),
            controlPlane.pipelines().stream().map(ServerNotice::row).toList());
    TextTable clusters =
        new TextTable(
            List.of("cluster", "id", "last seen", "queued runs"),
            controlPlane.clusters().stream().map(ServerNotice::row).toList());
    return "\n"
        + pipelines.text(columns)
        + "\n"
        + clusters.text(columns)
        + "\nCaravan serves on "
        + address
        + ", process "
        + ProcessHandle.current().pid()
        + "\n";
  }

  private static List<String> row(PipelineView pipeline) {
    List<FireTime> next = pipeline.next();
    return List.of(
        pipeline.name(),
        pipeline.cluster(),
        next.stream().findFirst().map(time -> time.at().toString()).orElse("by hand only"),
        next.stream().findFirst().map(time -> time.date().toString()).orElse("-"),
        pipeline.pause().map(PauseView::words).orElse(""));
  }

  private static List<String> row(ClusterView cluster) {
    return List.of(
        cluster.name(),
        cluster.id(),
        cluster.status().map(StatusView::status).orElse("never")
            + (cluster.stopOwed() ? ", to be stopped" : ""),
        Integer.toString(cluster.queued()));
  }
}

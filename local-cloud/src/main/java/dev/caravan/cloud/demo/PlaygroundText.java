package dev.caravan.cloud.demo;

import java.net.URI;
import java.nio.file.Path;

/** What the playground says when it is ready. */
final class PlaygroundText {
  private PlaygroundText() {}

  static String of(Path directory, URI server, URI s3, Playground.Own own) {
    String yours =
        own.pipeline().isEmpty()
            ? ""
            : "  ./caravan logs -f --pipeline %1$s                           your own pipeline, which runs now\n  ./caravan peek %1$s\n\n"
                .formatted(own.name());
    return """

        The playground is ready. In a second terminal:

          cd %s

        %s  ./caravan status                                             clusters, what runs, what falls due next
          ./caravan runs                                               the week; one night failed
          ./caravan show datamarts/-3d                                 why it failed
          ./caravan run --pipeline datamarts --date -3d --only-failed  repair it, with Spark this time
          ./caravan logs -f --pipeline datamarts --date -3d            watch the job while it runs
          ./caravan peek datamarts/-3d --rows 3                        what it left
          ./caravan backfill --pipeline datamarts --date -9d..-8d      two more dates on one start of the cluster
          ./caravan cancel datamarts/DATE/1                            end one of them
          ./caravan pause --pipeline demographics                      its schedule; then: resume

        Break something, and watch status and alarms:

          kill -9 PID                 the server, while a run is under way (its PID is in server.json): it is started again and
                                      goes on with the run
          pipelines/*.yaml            edit a pipeline: the server takes it up; name cities that aren't there, and run a date

        datamarts is due at night, demographics every two minutes until yesterday's date is done. A pipeline of your own goes
        into pipelines/, its jar into %s/lake/jars/.
        The API is at %s/api/v1, all files are in %s.

        Ctrl-C here ends all of it.
        """
        .formatted(directory, yours, s3, server, directory);
  }
}

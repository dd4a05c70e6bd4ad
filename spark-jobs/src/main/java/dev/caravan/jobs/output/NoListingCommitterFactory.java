package dev.caravan.jobs.output;

import java.io.IOException;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.s3a.S3AFileSystem;
import org.apache.hadoop.fs.s3a.commit.magic.MagicS3GuardCommitter;
import org.apache.hadoop.fs.s3a.commit.magic.MagicS3GuardCommitterFactory;
import org.apache.hadoop.mapreduce.TaskAttemptContext;
import org.apache.hadoop.mapreduce.lib.output.PathOutputCommitter;

/**
 * The magic committer for storages that can't list pending uploads. The standard one lists them
 * before a write only to warn about them, and retries for minutes if the storage fails.
 *
 * <p>Public and named in settings, because Hadoop creates it by its class name.
 */
public final class NoListingCommitterFactory extends MagicS3GuardCommitterFactory {
  @Override
  public PathOutputCommitter createTaskCommitter(
      S3AFileSystem storage, Path output, TaskAttemptContext context) throws IOException {
    return new MagicS3GuardCommitter(output, context) {
      @Override
      protected void warnOnActiveUploads(Path path) {
        // Nobody would learn anything that PendingUploads has not said.
      }
    };
  }
}

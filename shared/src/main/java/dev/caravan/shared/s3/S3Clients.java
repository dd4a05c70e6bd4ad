package dev.caravan.shared.s3;

import dev.caravan.shared.FatalException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.defaultsmode.DefaultsMode;
import software.amazon.awssdk.core.SdkSystemSetting;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.profiles.ProfileFileSystemSetting;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Creates S3 clients that ignore the machine's AWS configuration: environment variables, system
 * properties and {@code ~/.aws}. It is meant for other programs, and may be broken.
 */
public final class S3Clients {
  /** In place of those in {@code ~/.aws}. */
  private static final ProfileFile NO_PROFILES = ProfileFile.aggregator().build();

  private static final String NO_PROFILE = "none";

  private S3Clients() {}

  /**
   * A client, for the caller to close.
   *
   * @param http with the time-outs and the proxy of the settings
   * @param options adds retries, time-outs of whole calls and interceptors
   * @throws FatalException if the environment names a file that each request of the SDK would fail
   *     for
   */
  public static S3Client create(
      S3Settings settings,
      SdkHttpClient.Builder<?> http,
      Consumer<ClientOverrideConfiguration.Builder> options) {
    refuseMissingPartitions();
    ClientOverrideConfiguration.Builder overrides =
        ClientOverrideConfiguration.builder()
            .defaultProfileFile(NO_PROFILES)
            .defaultProfileName(NO_PROFILE)
            .compressionConfiguration(
                none ->
                    none.requestCompressionEnabled(false).minimumCompressionThresholdInBytes(0));
    options.accept(overrides);
    return unseen(
        () ->
            S3Client.builder()
                .endpointOverride(settings.endpoint())
                .region(Region.of(settings.region()))
                .forcePathStyle(settings.pathStyle())
                .credentialsProvider(credentials(settings))
                // Other servers than Amazon's don't all know its checksums and chunked signatures.
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                // The SDK asks the environment for everything that is not said here.
                .dualstackEnabled(false)
                .fipsEnabled(false)
                .accelerate(false)
                .useArnRegion(false)
                .crossRegionAccessEnabled(false)
                .disableMultiRegionAccessPoints(true)
                .disableS3ExpressSessionAuth(true)
                .defaultsMode(DefaultsMode.LEGACY)
                .serviceConfiguration(
                    s3 ->
                        s3.chunkedEncodingEnabled(false)
                            .profileFile(NO_PROFILES)
                            .profileName(NO_PROFILE))
                .httpClientBuilder(http)
                .overrideConfiguration(overrides.build())
                .build());
  }

  /** The one thing that the SDK 2.41.28 takes from the environment whatever its client is told. */
  private static void refuseMissingPartitions() {
    SdkSystemSetting setting = SdkSystemSetting.AWS_PARTITIONS_FILE;
    setting
        .getStringValue()
        .filter(file -> !Files.isReadable(Path.of(file)))
        .ifPresent(
            file -> {
              throw new FatalException(
                  "%s names the file %s, which can't be read, so that no request to S3 can be made: unset it for Caravan, or name a file that is there."
                      .formatted(setting.environmentVariable(), file));
            });
  }

  private static AwsCredentialsProvider credentials(S3Settings settings) {
    return settings
        .key()
        .<AwsCredentialsProvider>map(
            key ->
                StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(key.id(), key.secret())))
        .orElseGet(AnonymousCredentialsProvider::create);
  }

  /**
   * The builder reads {@code ~/.aws} even if it is given other profiles, and fails if a file is
   * broken. It looks for the files where these properties say; a device is no profile file.
   */
  private static synchronized S3Client unseen(Supplier<S3Client> building) {
    Map<String, Optional<String>> before = new TreeMap<>();
    for (ProfileFileSystemSetting file :
        List.of(
            ProfileFileSystemSetting.AWS_CONFIG_FILE,
            ProfileFileSystemSetting.AWS_SHARED_CREDENTIALS_FILE)) {
      String name = file.property();
      before.put(name, Optional.ofNullable(System.getProperty(name)));
      System.setProperty(name, "/dev/null");
    }
    try {
      return building.get();
    } finally {
      // A user's own routes may use them.
      before.forEach(
          (name, value) ->
              value.ifPresentOrElse(
                  kept -> System.setProperty(name, kept), () -> System.clearProperty(name)));
    }
  }
}

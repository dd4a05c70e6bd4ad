package dev.caravan.cloud.yandex;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;

/**
 * Lets nobody past without a bearer token that was issued and has not expired; the calls that
 * precede a token are free.
 */
final class TokenGuard implements ServerInterceptor {

  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
  private static final String SCHEME = "Bearer ";

  private final IssuedTokens tokens;

  TokenGuard(IssuedTokens tokens) {
    this.tokens = tokens;
  }

  @Override
  public <A, B> ServerCall.Listener<A> interceptCall(
      ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
    if (!Rpc.of(call.getMethodDescriptor()).map(Rpc::needsToken).orElse(true)) {
      return next.startCall(call, headers);
    }
    String sent = headers.get(AUTHORIZATION);
    if (sent == null || !sent.startsWith(SCHEME)) {
      return refuse(call, "Authorization header with a bearer token is missing");
    }
    if (!tokens.accepts(sent.substring(SCHEME.length()))) {
      return refuse(call, "The token is invalid or has expired");
    }
    return next.startCall(call, headers);
  }

  private static <A, B> ServerCall.Listener<A> refuse(ServerCall<A, B> call, String why) {
    call.close(Status.UNAUTHENTICATED.withDescription(why), new Metadata());
    return new ServerCall.Listener<>() {};
  }
}

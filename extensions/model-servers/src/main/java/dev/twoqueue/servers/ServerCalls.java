package dev.twoqueue.servers;

import com.fasterxml.jackson.databind.JsonNode;
import dev.twoqueue.CancellationToken;
import dev.twoqueue.ollama.internal.http.ApiRequest;
import dev.twoqueue.ollama.internal.http.HttpCalls;
import dev.twoqueue.ollama.internal.http.Json;
import dev.twoqueue.ollama.internal.http.ServerAddress;
import dev.twoqueue.ollama.internal.http.Where;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/** The calls to one server. Their answers are small; whatever is larger is none of its. */
final class ServerCalls implements AutoCloseable {
  private static final int MOST_BYTES = 4_000_000;

  private final HttpUrl base;
  private final HttpCalls calls;
  private final ServerTimeouts timeouts;

  ServerCalls(HttpUrl base, @Nullable OkHttpClient shared, ServerTimeouts timeouts) {
    this.base = base;
    this.timeouts = timeouts;
    // Each call has its own deadline; this one only keeps the whole from being without any.
    Duration overall = timeouts.quick().plus(timeouts.load()).plus(timeouts.evict());
    HttpCalls.Limits limits = new HttpCalls.Limits(timeouts.connect(), overall, MOST_BYTES);
    this.calls = new HttpCalls(base, shared, limits, "two-queue-servers-", new ServerErrors());
  }

  /** Reads an answer that is an object. */
  @FunctionalInterface
  interface ObjectReader<T> {
    T read(JsonNode answer) throws IOException;
  }

  URI address() {
    return ServerAddress.uri(base);
  }

  /** A question that needs no model. */
  <T> T ask(ApiRequest request, ObjectReader<T> reader, @Nullable CancellationToken token) {
    return calls.whole(
        request,
        timeouts.quick(),
        MOST_BYTES,
        in -> reader.read(Json.requireObject(Json.tree(in))),
        token);
  }

  /** An order whose answer says no more than that it was taken, or, under a 200 even, why not. */
  void send(ApiRequest request, Duration limit, @Nullable CancellationToken token) {
    calls.whole(request, limit, MOST_BYTES, in -> expectNoError(request, in.readAllBytes()), token);
  }

  private static boolean expectNoError(ApiRequest request, byte[] said) {
    Optional<String> error = ServerErrors.errorText(said);
    if (error.isPresent()) {
      throw new ModelServerException.ServerError(
          "The server reports an error", new Where(request.endpoint(), 200, error.get()));
    }
    return true;
  }

  /** An order about one model, which is named in a field of its body. */
  static ApiRequest post(String path, String field, String model) {
    return ApiRequest.post(path, Json.object().put(field, model), model);
  }

  /** A name as a part of a path or a query. */
  static String encoded(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** A name that an answer must have. */
  static String name(JsonNode node, String field) throws IOException {
    String name = Json.text(node, field);
    if (name.isBlank()) {
      throw new Json.MalformedException("field '" + field + "' is blank");
    }
    return name;
  }

  @Override
  public void close() {
    calls.close();
  }
}

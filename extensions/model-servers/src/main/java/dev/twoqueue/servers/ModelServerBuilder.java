package dev.twoqueue.servers;

import dev.twoqueue.ollama.internal.http.ServerAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * Builds the client of a model server. Not safe for use by several threads.
 *
 * @param <S> the kind of server
 */
public final class ModelServerBuilder<S extends ModelServer> {
  private final int defaultPort;
  private final BiFunction<ServerCalls, ServerSettings, S> server;
  private HttpUrl address;
  private @Nullable OkHttpClient shared;
  private ServerTimeouts timeouts = ServerTimeouts.DEFAULTS;
  private final Set<String> alwaysResident = new HashSet<>();
  private final Map<String, Long> modelBytes = new HashMap<>();
  private int contextLength;

  ModelServerBuilder(int defaultPort, BiFunction<ServerCalls, ServerSettings, S> server) {
    this.defaultPort = defaultPort;
    this.server = server;
    this.address = ServerAddress.parse("127.0.0.1", "address", defaultPort);
  }

  /**
   * Where the server is. Without it, its usual port on this machine.
   *
   * @param text a host, {@code host:port}, or http or https URL
   * @return this
   * @throws IllegalArgumentException when it is no address
   */
  public ModelServerBuilder<S> address(String text) {
    this.address = ServerAddress.parse(Arguments.notBlank(text, "address"), "address", defaultPort);
    return this;
  }

  /**
   * Shares the connections, proxy and interceptors of the host's own client. A server that wants a
   * key gets it from an interceptor there, as the header {@code Authorization}. {@link
   * ModelServer#close} leaves its connections open; its timeouts are not used.
   *
   * @param client the host's
   * @return this
   */
  public ModelServerBuilder<S> httpClient(OkHttpClient client) {
    this.shared = Arguments.notNull(client, "client");
    return this;
  }

  /**
   * How long to wait for what.
   *
   * @param value {@link ServerTimeouts#DEFAULTS} otherwise
   * @return this
   */
  public ModelServerBuilder<S> timeouts(ServerTimeouts value) {
    this.timeouts = Arguments.notNull(value, "timeouts");
    return this;
  }

  /**
   * Models that stay resident beside the worker model: never evicted by the queue, counted in the
   * forecast.
   *
   * @param models their names, as the server spells them
   * @return this
   * @throws IllegalArgumentException when one is blank
   */
  public ModelServerBuilder<S> alwaysResident(String... models) {
    for (String model : Arguments.notNull(models, "models")) {
      alwaysResident.add(Arguments.notBlank(model, "models"));
    }
    return this;
  }

  /**
   * Declares what a model takes once it is loaded: weights, cache and buffers. It goes before what
   * the server says, which is nothing (llama-swap) or the weights alone (LM Studio, llama-server),
   * and the forecast rests on it.
   *
   * @param model its name, as the server spells it
   * @param bytes 1 to 2^50
   * @return this
   * @throws IllegalArgumentException when the name is blank or the size outside of that
   */
  public ModelServerBuilder<S> modelBytes(String model, long bytes) {
    modelBytes.put(
        Arguments.notBlank(model, "model"), Arguments.between(bytes, 1, 1L << 50, "bytes"));
    return this;
  }

  /**
   * The context that the server loads models with, for tasks that name none ({@code context_length}
   * or {@code num_ctx} among their runner options). With a context, a model that was not declared
   * is forecast from its name, such as {@code qwen3-30b-a3b-q4_k_m}, with a wide range.
   *
   * @param tokens 1 to 16,777,216
   * @return this
   * @throws IllegalArgumentException when it is outside of that
   */
  public ModelServerBuilder<S> contextLength(int tokens) {
    this.contextLength = (int) Arguments.between(tokens, 1, 1 << 24, "tokens");
    return this;
  }

  /**
   * Builds the client. Does not connect yet.
   *
   * @return the client
   */
  public S build() {
    return server.apply(
        new ServerCalls(address, shared, timeouts),
        new ServerSettings(
            timeouts, Set.copyOf(alwaysResident), Map.copyOf(modelBytes), contextLength));
  }
}

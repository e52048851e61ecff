package dev.twoqueue.servers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twoqueue.CancellationToken;
import dev.twoqueue.ResidentModel;
import dev.twoqueue.ollama.internal.http.ApiRequest;
import dev.twoqueue.ollama.internal.http.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * LM Studio: REST v1 (0.4.0 and later), and v0 for residency where v1 is not there. Models go by
 * their keys. The context of a loaded instance is the runner option {@value #CONTEXT_LENGTH}.
 *
 * <p>Sizes are those of the files. A load that somebody else began shows only once it is done.
 */
public final class LmStudio extends ModelServer {
  /** The runner option that residency depends on: tokens of context. */
  public static final String CONTEXT_LENGTH = "context_length";

  private static final int DEFAULT_PORT = 1234;
  private static final ApiRequest MODELS = ApiRequest.get("api/v1/models");
  private static final ApiRequest MODELS_V0 = ApiRequest.get("api/v0/models");

  /**
   * One loaded instance of a model.
   *
   * @param id empty in v0, which cannot unload
   */
  private record Instance(Optional<String> id, ResidentModel model) {}

  LmStudio(ServerCalls calls, ServerSettings settings) {
    super(calls, settings);
  }

  /**
   * A client for a server.
   *
   * @param address as for {@link ModelServerBuilder#address}
   * @return the client, not connected yet
   * @throws IllegalArgumentException when it is no address
   */
  public static LmStudio connect(String address) {
    return builder().address(address).build();
  }

  /**
   * Begins a client.
   *
   * @return a builder with the defaults; port 1234 on this machine
   */
  public static ModelServerBuilder<LmStudio> builder() {
    return new ModelServerBuilder<>(DEFAULT_PORT, LmStudio::new);
  }

  /**
   * Loads a model with the server's defaults and returns when it is loaded; at once where an
   * instance is. A load that is cancelled is waited for and unloaded again, since the server does
   * not say what it does meanwhile.
   *
   * @param model its key
   * @param token for example {@code TaskContext.cancellation()}
   * @throws IllegalArgumentException when the key is blank
   */
  public void load(String model, CancellationToken token) {
    load(model, OptionalInt.empty(), Arguments.notNull(token, "token"));
  }

  /**
   * Loads a model with a context, as {@link #load(String, CancellationToken)} does. Instances of it
   * with another context are unloaded first.
   *
   * @param model its key
   * @param contextLength tokens, 1 to 16,777,216
   * @param token for example {@code TaskContext.cancellation()}
   * @throws IllegalArgumentException when the key is blank or the context outside of that
   */
  public void load(String model, int contextLength, CancellationToken token) {
    int tokens = (int) Arguments.between(contextLength, 1, 1 << 24, "contextLength");
    load(model, OptionalInt.of(tokens), Arguments.notNull(token, "token"));
  }

  private void load(String model, OptionalInt context, CancellationToken token) {
    Arguments.notBlank(model, "model");
    List<Instance> before = instances(token);
    if (before.stream().anyMatch(instance -> serves(instance, model, context))) {
      return;
    }
    if (before.stream().anyMatch(instance -> instance.model().model().equals(model))) {
      unload(model); // its context is another; a load would make a second instance beside it
    }
    ObjectNode body = Json.object().put("model", model);
    context.ifPresent(tokens -> body.put(CONTEXT_LENGTH, tokens));
    loadBlocking(ApiRequest.post("api/v1/models/load", body, model), model, token);
  }

  private static boolean serves(Instance instance, String model, OptionalInt context) {
    String length = instance.model().runnerOptions().get(CONTEXT_LENGTH);
    boolean fits = context.isEmpty() || Integer.toString(context.getAsInt()).equals(length);
    return instance.model().model().equals(model) && fits;
  }

  @Override
  ApiRequest listing() {
    return MODELS;
  }

  @Override
  List<ResidentModel> list(@Nullable CancellationToken token) {
    return instances(token).stream().map(Instance::model).toList();
  }

  /** Which version it is shows in each answer: the server may be updated under us. */
  private List<Instance> instances(@Nullable CancellationToken token) {
    Optional<List<Instance>> found;
    try {
      found = calls.ask(MODELS, this::read, token);
    } catch (ModelServerException.ProtocolViolation e) {
      if (e.status().orElse(0) != 404) {
        throw e;
      }
      found = Optional.empty();
    }
    return found.isPresent() ? found.get() : calls.ask(MODELS_V0, this::readV0, token);
  }

  /** Empty where the server does not know the endpoint, which it may say with a 200. */
  private Optional<List<Instance>> read(JsonNode answer) throws IOException {
    Optional<String> error = Json.errorText(answer);
    if (error.isPresent() && error.get().startsWith("Unexpected endpoint")) {
      return Optional.empty();
    }
    List<Instance> instances = new ArrayList<>();
    for (JsonNode node : Json.list(answer, "models")) {
      String key = ServerCalls.name(node, "key");
      boolean embeds = Json.text(node, "type").equals("embedding");
      long bytes = Json.count(node, "size_bytes");
      for (JsonNode loaded : Json.list(node, "loaded_instances")) {
        long context = Json.count(loaded.path("config"), CONTEXT_LENGTH);
        instances.add(
            new Instance(
                Optional.of(ServerCalls.name(loaded, "id")),
                resident(key, embeds, bytes, context)));
      }
    }
    return Optional.of(List.copyOf(instances));
  }

  private List<Instance> readV0(JsonNode answer) throws IOException {
    List<Instance> instances = new ArrayList<>();
    for (JsonNode node : Json.list(answer, "data")) {
      String id = ServerCalls.name(node, "id");
      boolean embeds = Json.text(node, "type").equals("embeddings");
      String state = Json.text(node, "state");
      if (!state.equals("loaded") && !state.equals("not-loaded")) {
        throw new Json.MalformedException("unknown state '" + state + "'");
      }
      if (state.equals("loaded")) {
        long context = Json.count(node, "loaded_context_length");
        instances.add(new Instance(Optional.empty(), resident(id, embeds, 0, context)));
      }
    }
    return List.copyOf(instances);
  }

  /** What only embeds cannot be the worker of a local job. */
  private ResidentModel resident(String key, boolean embeds, long bytes, long context) {
    return new ResidentModel(
        key,
        context == 0 ? Map.of() : Map.of(CONTEXT_LENGTH, Long.toString(context)),
        settings.bytes(key, bytes),
        embeds ? ResidentModel.Role.ALWAYS_RESIDENT : settings.role(key),
        Optional.empty());
  }

  @Override
  void sendUnload(String model) {
    for (Instance instance : instances(null)) {
      if (instance.model().model().equals(model)) {
        String id =
            instance
                .id()
                .orElseThrow(
                    () ->
                        new ModelServerException.Unsupported(
                            "LM Studio before 0.4.0 cannot unload "
                                + model
                                + " over HTTP:"
                                + " update it, or give the scheduler an evictor of your own",
                            atListing()));
        calls.send(
            ServerCalls.post("api/v1/models/unload", "instance_id", id),
            settings.timeouts().evict(),
            null);
      }
    }
  }
}

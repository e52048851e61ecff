package dev.twoqueue.servers;

import com.fasterxml.jackson.databind.JsonNode;
import dev.twoqueue.CancellationToken;
import dev.twoqueue.ResidentModel;
import dev.twoqueue.ollama.internal.http.ApiRequest;
import dev.twoqueue.ollama.internal.http.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * llama-swap: residency from {@code GET /running}, eviction through {@code POST
 * /api/models/unload/MODEL}. It starts a model when a request names it and has no load of its own.
 * It says nothing of sizes: see {@link ModelServerBuilder#modelBytes}.
 *
 * <p>Let llama-swap swap, with {@link #orderingProbe}, or the scheduler, with {@link
 * #residencyProbe}: then a model is seen to be gone before the next one's memory is looked at.
 */
public final class LlamaSwap extends ModelServer {
  private static final int DEFAULT_PORT = 8080;
  private static final ApiRequest RUNNING = ApiRequest.get("running");

  LlamaSwap(ServerCalls calls, ServerSettings settings) {
    super(calls, settings);
  }

  /**
   * A client for a server.
   *
   * @param address as for {@link ModelServerBuilder#address}
   * @return the client, not connected yet
   * @throws IllegalArgumentException when it is no address
   */
  public static LlamaSwap connect(String address) {
    return builder().address(address).build();
  }

  /**
   * Begins a client.
   *
   * @return a builder with the defaults; port 8080 on this machine
   */
  public static ModelServerBuilder<LlamaSwap> builder() {
    return new ModelServerBuilder<>(DEFAULT_PORT, LlamaSwap::new);
  }

  @Override
  ApiRequest listing() {
    return RUNNING;
  }

  @Override
  List<ResidentModel> list(@Nullable CancellationToken token) {
    return calls.ask(RUNNING, this::read, token);
  }

  private List<ResidentModel> read(JsonNode answer) throws IOException {
    List<ResidentModel> held = new ArrayList<>();
    for (JsonNode node : Json.list(answer, "running")) {
      String model = ServerCalls.name(node, "model");
      if (holds(Json.text(node, "state"))) {
        held.add(
            new ResidentModel(
                model, Map.of(), settings.bytes(model, 0), settings.role(model), Optional.empty()));
      }
    }
    return List.copyOf(held);
  }

  /** A process that stops still has its memory. */
  private static boolean holds(String state) throws IOException {
    return switch (state) {
      case "starting", "ready", "stopping" -> true;
      case "stopped", "shutdown" -> false;
      default -> throw new Json.MalformedException("unknown state '" + state + "'");
    };
  }

  @Override
  void sendUnload(String model) {
    String path = "api/models/unload/" + ServerCalls.encoded(model);
    calls.send(ApiRequest.post(path, Json.object(), model), settings.timeouts().evict(), null);
  }
}

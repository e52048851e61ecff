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
 * LocalAI: residency from {@code GET /system}, sizes from there or from {@code GET
 * /backend/monitor}, loads and evictions through {@code POST /backend/load} and {@code
 * /backend/shutdown}. Where LocalAI asks for keys these endpoints want an administrator's.
 */
public final class LocalAi extends ModelServer {
  private static final int DEFAULT_PORT = 8080;
  private static final ApiRequest SYSTEM = ApiRequest.get("system");

  LocalAi(ServerCalls calls, ServerSettings settings) {
    super(calls, settings);
  }

  /**
   * A client for a server.
   *
   * @param address as for {@link ModelServerBuilder#address}
   * @return the client, not connected yet
   * @throws IllegalArgumentException when it is no address
   */
  public static LocalAi connect(String address) {
    return builder().address(address).build();
  }

  /**
   * Begins a client.
   *
   * @return a builder with the defaults; port 8080 on this machine
   */
  public static ModelServerBuilder<LocalAi> builder() {
    return new ModelServerBuilder<>(DEFAULT_PORT, LocalAi::new);
  }

  /**
   * Loads a model and returns when it is loaded. A load that is cancelled is waited for and
   * unloaded again, since the server does not say what it does meanwhile.
   *
   * @param model its name
   * @param token for example {@code TaskContext.cancellation()}
   * @throws IllegalArgumentException when the name is blank
   */
  public void load(String model, CancellationToken token) {
    Arguments.notBlank(model, "model");
    if (find(model, Arguments.notNull(token, "token")).isEmpty()) {
      loadBlocking(ServerCalls.post("backend/load", "model", model), model, token);
    }
  }

  @Override
  ApiRequest listing() {
    return SYSTEM;
  }

  @Override
  List<ResidentModel> list(@Nullable CancellationToken token) {
    List<ResidentModel> loaded = new ArrayList<>();
    for (Map.Entry<String, Long> model : calls.ask(SYSTEM, LocalAi::read, token)) {
      String id = model.getKey();
      long said = settings.bytes(id, model.getValue());
      loaded.add(
          new ResidentModel(
              id,
              Map.of(),
              said > 0 ? said : monitored(id, token),
              settings.role(id),
              Optional.empty()));
    }
    return List.copyOf(loaded);
  }

  private static List<Map.Entry<String, Long>> read(JsonNode answer) throws IOException {
    List<Map.Entry<String, Long>> loaded = new ArrayList<>();
    for (JsonNode node : Json.list(answer, "loaded_models")) {
      loaded.add(
          Map.entry(ServerCalls.name(node, "id"), Json.count(node.path("process"), "rss_bytes")));
    }
    return loaded;
  }

  /** What the backend itself says; 0, which is unknown, where it does not. */
  private long monitored(String model, @Nullable CancellationToken token) {
    ApiRequest monitor = ApiRequest.get("backend/monitor?model=" + ServerCalls.encoded(model));
    try {
      return calls.ask(monitor, answer -> Json.count(answer.path("memory"), "total"), token);
    } catch (ModelServerException.Cancelled stopped) {
      throw stopped;
    } catch (ModelServerException sizeIsUnknown) {
      return 0;
    }
  }

  @Override
  void sendUnload(String model) {
    calls.send(
        ServerCalls.post("backend/shutdown", "model", model), settings.timeouts().evict(), null);
  }
}

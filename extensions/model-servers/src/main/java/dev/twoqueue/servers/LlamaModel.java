package dev.twoqueue.servers;

import com.fasterxml.jackson.databind.JsonNode;
import dev.twoqueue.ollama.internal.http.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * One entry of llama-server's list of models.
 *
 * @param id its name
 * @param state what its process does
 * @param bytes its weights; 0 where it is not loaded
 * @param exitCode how its process ended, where that failed
 */
record LlamaModel(String id, State state, long bytes, OptionalLong exitCode) {

  /** What the process of a model does. */
  enum State {
    UNLOADED,
    DOWNLOADING,
    LOADING,
    LOADED,
    /** The process lives without its model, and loads it again for the next request. */
    SLEEPING,
    /** No router: the server has this model and no other. */
    ONLY_ONE
  }

  static List<LlamaModel> readAll(JsonNode answer) throws IOException {
    List<LlamaModel> models = new ArrayList<>();
    for (JsonNode node : Json.list(answer, "data")) {
      JsonNode status = node.path("status");
      boolean failed = Json.flag(status, "failed");
      models.add(
          new LlamaModel(
              ServerCalls.name(node, "id"),
              status.isMissingNode() ? State.ONLY_ONE : state(Json.text(status, "value")),
              Json.count(node.path("meta"), "size"),
              failed ? OptionalLong.of(status.path("exit_code").asLong()) : OptionalLong.empty()));
    }
    return List.copyOf(models);
  }

  private static State state(String value) throws IOException {
    return switch (value) {
      case "unloaded" -> State.UNLOADED;
      case "downloading" -> State.DOWNLOADING;
      case "loading" -> State.LOADING;
      case "loaded" -> State.LOADED;
      case "sleeping" -> State.SLEEPING;
      default -> throw new Json.MalformedException("unknown status '" + value + "'");
    };
  }

  /** A model that sleeps has to be loaded again, so it is not resident. */
  boolean holdsMemory() {
    return state == State.LOADING || state == State.LOADED || state == State.ONLY_ONE;
  }
}

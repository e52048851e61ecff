package dev.twoqueue.testkit.ollama;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twoqueue.testkit.internal.http.HttpExchange;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;

/** {@code /api/ps}, true or not. */
final class PsEndpoint implements Endpoint {
  private static final int MOST_REMEMBERED = 10_000;

  private final Server server;
  private final History history;

  /** What was resident when; for an answer that is out of date. */
  static final class History {
    private final ArrayDeque<Moment> moments = new ArrayDeque<>();

    private record Moment(long nanos, List<ResidentModel> residents) {}

    synchronized void add(List<ResidentModel> residents) {
      if (moments.size() == MOST_REMEMBERED) {
        moments.removeFirst();
      }
      moments.addLast(new Moment(System.nanoTime(), residents));
    }

    synchronized List<ResidentModel> before(Duration age) {
      long then = System.nanoTime() - age.toNanos();
      List<ResidentModel> known = List.of();
      for (Moment moment : moments) {
        if (moment.nanos() - then > 0) {
          break;
        }
        known = moment.residents();
      }
      return known;
    }
  }

  PsEndpoint(Server server, History history) {
    this.server = server;
    this.history = history;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException, ApiError {
    String lie = server.faults().fixedPs();
    if (lie != null) {
      Answers.json(exchange, 200, lie);
      return;
    }
    Duration age = server.faults().stalePs();
    if (age != null) {
      Answers.json(exchange, listed(history.before(age)));
      return;
    }
    if (server.settings().version() == OllamaVersion.V0_33) {
      Server.await(exchange, server.scheduler().unloadsDone());
    }
    Answers.json(exchange, listed(server.scheduler().residents()));
  }

  private ObjectNode listed(List<ResidentModel> residents) {
    ObjectNode answer = Json.object();
    ArrayNode models = answer.putArray("models");
    for (ResidentModel resident : residents) {
      SimulatedModel model = resident.model();
      ObjectNode entry =
          models
              .addObject()
              .put("name", model.name())
              .put("model", model.name())
              .put("size", resident.memoryBytes())
              .put("digest", model.digest());
      CatalogueEndpoints.details(entry.putObject("details"), model, "");
      entry
          .put("expires_at", Json.time(resident.expiresAt()))
          .put("size_vram", server.settings().gpu() ? resident.memoryBytes() : 0)
          .put("context_length", resident.contextLength());
    }
    return answer;
  }
}

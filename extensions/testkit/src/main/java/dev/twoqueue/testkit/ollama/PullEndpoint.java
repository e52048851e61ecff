package dev.twoqueue.testkit.ollama;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twoqueue.testkit.internal.http.HttpExchange;
import dev.twoqueue.testkit.ollama.OllamaEvent.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * {@code /api/pull}. Pulls that run together share the line, and pulls of the same weights share
 * what they have.
 */
final class PullEndpoint implements Endpoint {
  private static final Duration PROGRESS_EVERY = Duration.ofMillis(60);
  private static final long SHORTEST_STEP = 1_000_000;
  private static final double VERIFIED_BYTES_PER_SECOND = 2e9;

  /** Template, parameters and configuration: as small as those of a real model. */
  private static final List<Long> SMALL_LAYERS = List.of(13L, 15L, 279L);

  private final Server server;

  PullEndpoint(Server server) {
    this.server = server;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException, ApiError {
    ApiRequest request = ApiRequest.parse(exchange.request().body(), "PullRequest");
    ModelName name = Server.validName(request.model());
    Kind outcome = Kind.PULL_FAILED;
    server.log().happened(Kind.PULL_STARTED, name.shortest());
    server.log().pullBegins();
    try {
      if (request.flag("stream", true)) {
        stream(exchange, name);
      } else {
        pull(exchange, name, line -> {});
      }
      outcome = Kind.PULLED;
    } catch (IOException gone) { // noticed while it waited, or by a line that could not be sent
      outcome = Kind.PULL_ABORTED;
      throw gone;
    } catch (Failed failed) {
      fail(exchange, failed);
      return;
    } finally {
      server.log().pullEnds();
      server.log().happened(outcome, name.shortest());
    }
    if (exchange.started()) {
      Answers.line(exchange, Json.object().put("status", "success"));
      exchange.endStream();
    } else {
      Answers.plainJson(exchange, 200, Json.object().put("status", "success"));
    }
  }

  /** A pull that failed once it had begun: an error line, or status 500. */
  private static final class Failed extends Exception {
    private static final long serialVersionUID = 1;

    Failed(String text) {
      super(text);
    }
  }

  /** Where progress goes. */
  @FunctionalInterface
  private interface Progress {
    void line(ObjectNode line) throws IOException;
  }

  private void stream(HttpExchange exchange, ModelName name) throws IOException, Failed {
    Answers.startLines(exchange);
    pull(exchange, name, line -> Answers.line(exchange, line));
  }

  private static void fail(HttpExchange exchange, Failed failed) throws IOException {
    ObjectNode error = Json.error(String.valueOf(failed.getMessage()));
    if (exchange.started()) {
      Answers.line(exchange, error);
      exchange.endStream();
    } else {
      Answers.plainJson(exchange, 500, error);
    }
  }

  private void pull(HttpExchange exchange, ModelName name, Progress progress)
      throws IOException, Failed {
    progress.line(status("pulling manifest"));
    SimulatedModel model = server.store().inRegistry(name);
    if (model == null) {
      throw new Failed("pull model manifest: file does not exist");
    }
    boolean here = server.store().find(name) != null;
    long small = SMALL_LAYERS.stream().mapToLong(Long::longValue).sum();
    long weights = Math.max(1, model.sizeBytes() - small);
    download(exchange, model, weights, progress);
    for (long size : SMALL_LAYERS) {
      String digest = SimulatedModel.sha256("layer of " + size + " bytes of " + model.name());
      progress.line(layer(digest, size, size));
    }
    progress.line(status("verifying sha256 digest"));
    if (!here) {
      double seconds = weights / VERIFIED_BYTES_PER_SECOND;
      exchange.pause(server.time().nanos(Duration.ofNanos(Math.round(seconds * 1e9))));
    }
    progress.line(status("writing manifest"));
    server.store().install(model);
  }

  private void download(HttpExchange exchange, SimulatedModel model, long size, Progress progress)
      throws IOException, Failed {
    long step = Math.max(SHORTEST_STEP, server.time().nanos(PROGRESS_EVERY));
    long before = System.nanoTime();
    long done = server.store().downloaded(model, size);
    while (done < size) {
      exchange.pause(step);
      long now = System.nanoTime();
      double bytes =
          server.settings().pullBytesPerSecond()
              * server.time().simulatedSeconds(now - before)
              / server.log().pullsSharingTheLine();
      before = now;
      if (!server.store().download(model, Math.round(bytes), size)) {
        throw new Failed(
            "write "
                + CatalogueEndpoints.blobPath(model.weightsDigest())
                + "-partial: no space left on device");
      }
      done = server.store().downloaded(model, size);
      progress.line(layer(model.weightsDigest(), size, done));
    }
    progress.line(layer(model.weightsDigest(), size, size));
  }

  private static ObjectNode status(String text) {
    return Json.object().put("status", text);
  }

  private static ObjectNode layer(String digest, long total, long completed) {
    ObjectNode line =
        status("pulling " + digest.substring(0, 12))
            .put("digest", "sha256:" + digest)
            .put("total", total);
    return completed == 0 ? line : line.put("completed", completed);
  }
}

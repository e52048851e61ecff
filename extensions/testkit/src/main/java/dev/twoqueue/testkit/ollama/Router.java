package dev.twoqueue.testkit.ollama;

import dev.twoqueue.testkit.internal.http.ExchangeHandler;
import dev.twoqueue.testkit.internal.http.HttpExchange;
import dev.twoqueue.testkit.internal.http.HttpRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Finds the endpoint of a request, or answers in its stead what the server's router would. */
final class Router implements ExchangeHandler {
  private static final Map<String, String> PLAIN = Map.of("Content-Type", "text/plain");
  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|\\[[0-9a-fA-F:.]+\\]");
  private static final byte[] FILLING =
      "\"filling\",".repeat(6000).getBytes(StandardCharsets.UTF_8);

  private final Server server;
  private final Map<String, Route> routes;

  private record Route(String method, Endpoint endpoint) {}

  Router(Server server, PsEndpoint ps) {
    this.server = server;
    CatalogueEndpoints catalogue = new CatalogueEndpoints(server);
    this.routes =
        Map.ofEntries(
            Map.entry("/", new Route("GET", Router::root)),
            Map.entry("/api/version", new Route("GET", this::version)),
            Map.entry("/api/ps", new Route("GET", ps)),
            Map.entry("/api/tags", new Route("GET", catalogue::tags)),
            Map.entry("/api/show", new Route("POST", catalogue::show)),
            Map.entry("/api/copy", new Route("POST", catalogue::copy)),
            Map.entry("/api/delete", new Route("DELETE", catalogue::delete)),
            Map.entry("/api/generate", new Route("POST", new AnswerEndpoint(server, false))),
            Map.entry("/api/chat", new Route("POST", new AnswerEndpoint(server, true))),
            Map.entry("/api/embed", new Route("POST", new EmbedEndpoint(server, false))),
            Map.entry("/api/embeddings", new Route("POST", new EmbedEndpoint(server, true))),
            Map.entry("/api/pull", new Route("POST", new PullEndpoint(server))));
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    HttpRequest request = exchange.request();
    String path = request.path();
    server.log().requested(path);
    OllamaFaults.Fault fault = server.faults().strike(path);
    if (fault != null) {
      strike(exchange, fault);
    } else if (isForeign(request.header("Host")) || isForeign(origin(request))) {
      Answers.empty(exchange, 403);
    } else {
      route(exchange, path);
    }
  }

  private void route(HttpExchange exchange, String path) throws IOException {
    Route route = routes.get(path);
    String method = exchange.request().method();
    if (route == null) {
      Answers.text(exchange, 404, PLAIN, "404 page not found");
    } else if (!method.equals(route.method()) && !(method.equals("HEAD") && path.equals("/"))) {
      Map<String, String> headers = Map.of("Content-Type", "text/plain", "Allow", route.method());
      Answers.text(exchange, 405, headers, "405 method not allowed");
    } else {
      try {
        route.endpoint().handle(exchange);
      } catch (ApiError refused) {
        Answers.error(exchange, refused);
      }
    }
  }

  private static void root(HttpExchange exchange) throws IOException {
    Map<String, String> text = Map.of("Content-Type", "text/plain; charset=utf-8");
    Answers.text(exchange, 200, text, "Ollama is running");
  }

  private void version(HttpExchange exchange) throws IOException {
    String version = server.settings().version().text();
    Answers.json(exchange, Json.object().put("version", version));
  }

  private static void strike(HttpExchange exchange, OllamaFaults.Fault fault) throws IOException {
    if (fault instanceof OllamaFaults.Fault.Reset) {
      exchange.reset();
    } else if (fault instanceof OllamaFaults.Fault.Hang) {
      exchange.pause(Long.MAX_VALUE);
    } else if (fault instanceof OllamaFaults.Fault.BreakOff) {
      Answers.startLines(exchange);
      exchange.write("{\"model\":\"x\",\"cre".getBytes(StandardCharsets.UTF_8));
      exchange.breakOff();
    } else if (fault instanceof OllamaFaults.Fault.Answer answer) {
      Answers.json(exchange, answer.status(), answer.body());
    } else if (fault instanceof OllamaFaults.Fault.HugeBody huge) {
      fill(exchange, huge.bytes());
    }
  }

  private static void fill(HttpExchange exchange, long bytes) throws IOException {
    exchange.startStream(200, Map.of("Content-Type", "application/json; charset=utf-8"));
    exchange.write("{\"models\":[".getBytes(StandardCharsets.UTF_8));
    for (long sent = 0; sent < bytes; sent += FILLING.length) {
      exchange.write(FILLING);
    }
    exchange.write("\"\"]}".getBytes(StandardCharsets.UTF_8));
    exchange.endStream();
  }

  private static String origin(HttpRequest request) {
    return request.header("Origin").replaceFirst("^https?://", "");
  }

  /** A name that could be another machine's: addresses and local names are let in. */
  private static boolean isForeign(String host) {
    String name = host.replaceFirst(":\\d+$", "").toLowerCase(Locale.ROOT);
    return !name.isEmpty()
        && !ADDRESS.matcher(name).matches()
        && !name.equals("localhost")
        && Set.of(".localhost", ".local", ".internal").stream().noneMatch(name::endsWith);
  }
}

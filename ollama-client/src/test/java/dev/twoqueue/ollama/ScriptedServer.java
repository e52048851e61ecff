package dev.twoqueue.ollama;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.twoqueue.ollama.internal.http.Json;
import dev.twoqueue.testkit.internal.http.PromptSockets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okio.ByteString;

/**
 * A server that has a list of answers for each path, or for a path and a model where it has one for
 * these; the last of a list is given for ever.
 */
final class ScriptedServer extends Dispatcher implements AutoCloseable {
  private final MockWebServer server = new MockWebServer();
  private final Map<String, Deque<MockResponse>> answers = new ConcurrentHashMap<>();
  final List<String> requests = new CopyOnWriteArrayList<>();

  ScriptedServer() {
    server.setDispatcher(this);
    server.setServerSocketFactory(new PromptSockets());
    try {
      server.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String url() {
    return server.url("/").toString();
  }

  ScriptedServer on(String path, String... bodies) {
    for (String body : bodies) {
      on(path, 200, body);
    }
    return this;
  }

  ScriptedServer on(String path, int status, String body) {
    answers
        .computeIfAbsent(path, p -> new ArrayDeque<>())
        .add(new MockResponse.Builder().code(status).body(body).build());
    return this;
  }

  /** An answer to requests about one model. */
  ScriptedServer onModel(String path, String model, int status, String body) {
    return on(path + " " + model, status, body);
  }

  List<String> paths() {
    return requests.stream().map(request -> request.substring(0, request.indexOf(' '))).toList();
  }

  long count(String part) {
    return requests.stream().filter(request -> request.contains(part)).count();
  }

  @Override
  public MockResponse dispatch(RecordedRequest request) {
    String path = request.getUrl().encodedPath();
    ByteString body = request.getBody();
    String text = body == null ? "" : body.utf8();
    requests.add(path + " " + text);
    Deque<MockResponse> left = answers.get(path + " " + modelOf(text));
    left = left == null ? answers.get(path) : left;
    if (left == null) {
      return new MockResponse.Builder().code(404).body("404 page not found").build();
    }
    synchronized (left) {
      return left.size() > 1 ? left.removeFirst() : left.getFirst();
    }
  }

  private static String modelOf(String body) {
    try {
      return body.isEmpty() ? "" : Json.tree(body.getBytes(UTF_8)).path("model").asText();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    server.close();
  }
}

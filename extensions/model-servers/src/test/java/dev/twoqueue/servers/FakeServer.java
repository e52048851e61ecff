package dev.twoqueue.servers;

import dev.twoqueue.testkit.internal.http.PromptSockets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okio.ByteString;

/** A server that answers each request line as a test says, and keeps what it was asked. */
final class FakeServer extends Dispatcher implements AutoCloseable {
  private final MockWebServer server = new MockWebServer();
  private final Map<String, Function<String, MockResponse>> answers = new ConcurrentHashMap<>();

  /** Method, path with query, and body of each request. */
  final List<String> requests = new CopyOnWriteArrayList<>();

  /** The keys that were sent. */
  final List<String> keys = new CopyOnWriteArrayList<>();

  FakeServer() {
    server.setServerSocketFactory(new PromptSockets()); // else each answer takes 40 ms
    server.setDispatcher(this);
    try {
      server.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String url() {
    return server.url("/").toString();
  }

  static MockResponse answer(int status, String body) {
    return new MockResponse.Builder().code(status).body(body).build();
  }

  /** Answers a request line, as {@code GET /models}, from its body. */
  FakeServer on(String line, Function<String, MockResponse> answer) {
    answers.put(line, answer);
    return this;
  }

  /** Answers one after the other; the last for ever. */
  FakeServer on(String line, MockResponse... inOrder) {
    Deque<MockResponse> left = new ArrayDeque<>(Arrays.asList(inOrder));
    return on(
        line,
        body -> {
          synchronized (left) {
            return left.size() > 1 ? left.removeFirst() : left.getFirst();
          }
        });
  }

  FakeServer on(String line, String... bodies) {
    return on(
        line, Arrays.stream(bodies).map(body -> answer(200, body)).toArray(MockResponse[]::new));
  }

  long count(String part) {
    return requests.stream().filter(request -> request.contains(part)).count();
  }

  @Override
  public MockResponse dispatch(RecordedRequest request) {
    String line = request.getMethod() + " " + request.getTarget();
    ByteString body = request.getBody();
    String text = body == null ? "" : body.utf8();
    requests.add(line + " " + text);
    keys.addAll(request.getHeaders().values("Authorization"));
    Function<String, MockResponse> answer = answers.get(line);
    return answer == null ? answer(404, "404 page not found") : answer.apply(text);
  }

  @Override
  public void close() {
    server.close();
  }
}

package dev.twoqueue.servers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import mockwebserver3.MockResponse;

/** Exchanges with a real server, in the order in which they began. */
record Recording(List<Exchange> exchanges) {

  /** One exchange. */
  record Exchange(String name, String method, String path, int status, String body) {
    MockResponse response() {
      return FakeServer.answer(status, body);
    }

    JsonNode json() {
      try {
        return new ObjectMapper().readTree(body);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public String toString() {
      return name + ": " + method + " " + path;
    }
  }

  static Recording of(String file) {
    String path = "/recordings/" + file;
    try (InputStream in = Objects.requireNonNull(Recording.class.getResourceAsStream(path), path)) {
      List<Exchange> exchanges = new ArrayList<>();
      for (JsonNode node : new ObjectMapper().readTree(in).path("exchanges")) {
        StringBuilder body = new StringBuilder();
        node.path("response").path("chunks").forEach(c -> body.append(c.path("text").asText()));
        exchanges.add(
            new Exchange(
                node.path("name").asText(),
                node.path("request").path("method").asText(),
                node.path("request").path("path").asText(),
                node.path("response").path("status").asInt(),
                body.toString()));
      }
      return new Recording(exchanges);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<Exchange> all(String method, String path) {
    return exchanges.stream()
        .filter(e -> e.method().equals(method) && e.path().equals(path))
        .toList();
  }

  Exchange named(String name) {
    return exchanges.stream().filter(e -> e.name().equals(name)).findFirst().orElseThrow();
  }

  /** The answers to a request after a named exchange, as many as are wanted. */
  MockResponse[] after(String name, String method, String path, int count) {
    return exchanges.stream()
        .skip(exchanges.indexOf(named(name)) + 1L)
        .filter(e -> e.method().equals(method) && e.path().equals(path))
        .limit(count)
        .map(Exchange::response)
        .toArray(MockResponse[]::new);
  }
}

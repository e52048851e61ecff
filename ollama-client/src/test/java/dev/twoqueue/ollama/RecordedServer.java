package dev.twoqueue.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import mockwebserver3.MockResponse;
import mockwebserver3.MockResponseBody;
import mockwebserver3.SocketEffect;
import okio.BufferedSink;

/** Exchanges with real servers, and their answers as a mock server gives them: chunk by chunk. */
final class RecordedServer {
  static final List<String> VERSIONS = List.of("ollama-0.24.0", "ollama-0.33.0-rc2");

  private static final List<String> SCENARIOS =
      List.of(
          "cancel",
          "catalogue",
          "delete-loaded",
          "embeddings",
          "expiry",
          "generate-and-chat",
          "interleaved-or-drained",
          "keep-alive-forms",
          "liveness",
          "load-and-unload",
          "load-errors",
          "out-of-memory",
          "pull",
          "pull-no-space",
          "queue-full",
          "request-errors",
          "runner-dies",
          "same-weights",
          "server-restarts",
          "swap-one-slot",
          "swap-while-busy",
          "two-slots-with-embedding",
          "unload-during-load");

  private RecordedServer() {}

  /** One exchange. */
  record Recorded(String version, String scenario, JsonNode json) {
    String name() {
      return json.path("name").asText();
    }

    String method() {
      return json.path("request").path("method").asText();
    }

    String path() {
      return json.path("request").path("path").asText();
    }

    JsonNode body() {
      return json.path("request").path("body");
    }

    int status() {
      return json.path("response").path("status").asInt(0);
    }

    boolean complete() {
      return json.path("response").path("ended").asText().equals("complete");
    }

    List<String> chunks() {
      List<String> chunks = new ArrayList<>();
      json.path("response").path("chunks").forEach(c -> chunks.add(c.path("text").asText()));
      return chunks;
    }

    String text() {
      return String.join("", chunks());
    }

    /** The text of an error that it reports, in its last line at the latest; else empty. */
    String error() {
      List<String> chunks = chunks();
      String last = chunks.isEmpty() ? "" : chunks.get(chunks.size() - 1);
      try {
        return last.startsWith("{") ? new ObjectMapper().readTree(last).path("error").asText() : "";
      } catch (IOException e) {
        return "";
      }
    }

    @Override
    public String toString() {
      return version + " " + scenario + " " + name();
    }
  }

  static List<Recorded> all(String version) {
    return SCENARIOS.stream().flatMap(scenario -> read(version, scenario).stream()).toList();
  }

  static List<Recorded> read(String version, String scenario) {
    String file = "/recordings/" + version + "/" + scenario + ".json";
    try (InputStream in =
        Objects.requireNonNull(RecordedServer.class.getResourceAsStream(file), file)) {
      List<Recorded> exchanges = new ArrayList<>();
      for (JsonNode exchange : new ObjectMapper().readTree(in).path("exchanges")) {
        exchanges.add(new Recorded(version, scenario, exchange));
      }
      return exchanges;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Recorded find(String version, String scenario, String name) {
    return read(version, scenario).stream()
        .filter(exchange -> exchange.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  static MockResponse response(Recorded recorded) {
    MockResponse.Builder response = new MockResponse.Builder();
    if (recorded.status() == 0) {
      return response.onResponseStart(new SocketEffect.CloseSocket()).build();
    }
    response.code(recorded.status());
    String type = recorded.json().path("response").path("headers").path("Content-Type").asText("");
    if (!type.isEmpty()) {
      response.setHeader("Content-Type", type);
    }
    if (recorded.complete() && recorded.chunks().size() <= 1) {
      return response.body(recorded.text()).build();
    }
    return response
        .body(new Chunks(recorded))
        .removeHeader("Content-Length")
        .setHeader("Transfer-Encoding", "chunked")
        .build();
  }

  private record Chunks(Recorded recorded) implements MockResponseBody {
    @Override
    public long getContentLength() {
      return -1;
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
      for (String chunk : recorded.chunks()) {
        byte[] bytes = chunk.getBytes(StandardCharsets.UTF_8);
        sink.writeUtf8(Integer.toHexString(bytes.length)).writeUtf8("\r\n").write(bytes);
        sink.writeUtf8("\r\n").flush();
      }
      sink.writeUtf8("0\r\n").flush(); // the mock server adds the trailers
    }
  }
}

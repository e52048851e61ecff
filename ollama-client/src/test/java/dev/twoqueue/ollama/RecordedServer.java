package dev.twoqueue.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import mockwebserver3.MockResponse;
import mockwebserver3.MockResponseBody;
import mockwebserver3.SocketEffect;
import okio.BufferedSink;

/** Exchanges with real servers, and their answers as a mock server gives them: chunk by chunk. */
final class RecordedServer {
  static final List<String> VERSIONS = List.of("ollama-0.24.0", "ollama-0.33.0-rc2");

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static final List<String> SCENARIOS =
      List.of(
          "cancel",
          "catalogue",
          "delete-loaded",
          "embeddings",
          "expiry",
          "generate-and-chat",
          "install-models",
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

    /** The request in a line, for lists of what differs. */
    String request() {
      return scenario + " " + name();
    }

    int status() {
      return response().path("status").asInt(0);
    }

    JsonNode response() {
      return json.path("response");
    }

    boolean complete() {
      return response().path("ended").asText().equals("complete");
    }

    List<String> chunks() {
      List<String> chunks = new ArrayList<>();
      response().path("chunks").forEach(c -> chunks.add(c.path("text").asText()));
      return chunks;
    }

    String text() {
      return String.join("", chunks());
    }

    /** The text of an error that it reports, in its last line at the latest; else empty. */
    String error() {
      List<String> chunks = chunks();
      String last = chunks.isEmpty() ? "" : chunks.get(chunks.size() - 1);
      return last.startsWith("{") && complete() ? errorOf(last) : "";
    }

    private static String errorOf(String line) {
      try {
        JsonNode error = MAPPER.readTree(line).path("error");
        return error.isObject() ? error.path("message").asText() : error.asText();
      } catch (IOException cutByTheRecorder) {
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
      for (JsonNode exchange : MAPPER.readTree(in).path("exchanges")) {
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

  /** The recorded answer: same status, headers, chunks and end. */
  static MockResponse response(Recorded recorded) {
    if (recorded.status() == 0) {
      return new MockResponse.Builder().onResponseStart(new SocketEffect.CloseSocket()).build();
    }
    if (recorded.response().path("headers").has("Transfer-Encoding")) {
      return chunked(
          recorded,
          recorded.chunks().stream().map(c -> c.getBytes(StandardCharsets.UTF_8)).toList());
    }
    MockResponse.Builder response = head(recorded);
    return recorded.method().equals("HEAD")
        ? response.build()
        : response.body(recorded.text()).build(); // with the length that it has
  }

  /** The same answer, cut into pieces of so many bytes instead of the recorded chunks. */
  static MockResponse responseCut(Recorded recorded, int bytes) {
    byte[] all = recorded.text().getBytes(StandardCharsets.UTF_8);
    List<byte[]> pieces = new ArrayList<>();
    for (int from = 0; from < all.length; from += bytes) {
      pieces.add(Arrays.copyOfRange(all, from, Math.min(all.length, from + bytes)));
    }
    return chunked(recorded, pieces);
  }

  private static MockResponse.Builder head(Recorded recorded) {
    MockResponse.Builder response = new MockResponse.Builder().code(recorded.status());
    recorded
        .response()
        .path("headers")
        .properties()
        .forEach(header -> response.setHeader(header.getKey(), header.getValue().asText()));
    return response;
  }

  private static MockResponse chunked(Recorded recorded, List<byte[]> pieces) {
    MockResponse.Builder response =
        head(recorded)
            .body(new Chunks(pieces, recorded.complete()))
            .removeHeader("Content-Length")
            .setHeader("Transfer-Encoding", "chunked");
    return recorded.complete()
        ? response.build()
        : response.onResponseEnd(new SocketEffect.CloseSocket()).build();
  }

  private record Chunks(List<byte[]> pieces, boolean complete) implements MockResponseBody {
    @Override
    public long getContentLength() {
      return -1;
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
      for (byte[] piece : pieces) {
        sink.writeUtf8(Integer.toHexString(piece.length)).writeUtf8("\r\n").write(piece);
        sink.writeUtf8("\r\n").flush();
      }
      // The mock server adds an empty trailer: the end, or the beginning of a chunk that is cut
      // off.
      sink.writeUtf8(complete ? "0\r\n" : "ff\r\n").flush();
    }
  }
}

package dev.twoqueue.testkit.internal.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A client on a bare socket: it hides nothing, repeats nothing, and can go away at any moment. */
public final class Http implements AutoCloseable {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int TIMEOUT_MILLIS = 60_000;

  private final Socket socket;
  private final InputStream in;
  private final boolean head;

  private Http(Socket socket, boolean head) throws IOException {
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream());
    this.head = head;
  }

  /** What came back. */
  public record Reply(int status, Map<String, String> headers, String body) {
    public JsonNode json() {
      try {
        return MAPPER.readTree(body);
      } catch (IOException notJson) {
        throw new AssertionError("not JSON: " + body, notJson);
      }
    }

    public List<JsonNode> lines() {
      List<JsonNode> lines = new ArrayList<>();
      for (String line : body.split("\n", -1)) {
        if (!line.isBlank()) {
          lines.add(new Reply(status, headers, line).json());
        }
      }
      return lines;
    }

    public String error() {
      return json().path("error").asText();
    }
  }

  public static Reply get(URI server, String path) {
    return send(server, "GET", path, Map.of(), "");
  }

  public static Reply post(URI server, String path, String body) {
    return send(server, "POST", path, Map.of(), body);
  }

  public static Reply send(
      URI server, String method, String path, Map<String, String> headers, String body) {
    try (Http http = open(server, method, path, headers, body)) {
      return http.reply();
    } catch (IOException broken) {
      throw new UncheckedIOException(method + " " + path, broken);
    }
  }

  /** Sends a request; to close before {@link #reply} is to go away. */
  public static Http open(
      URI server, String method, String path, Map<String, String> headers, String body)
      throws IOException {
    Socket socket = new Socket(server.getHost(), server.getPort());
    socket.setSoTimeout(TIMEOUT_MILLIS);
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    StringBuilder request = new StringBuilder(method + " " + path + " HTTP/1.1\r\n");
    Map<String, String> all = new TreeMap<>(Map.of("Host", server.getAuthority()));
    all.putAll(headers);
    if (bytes.length > 0) {
      all.put("Content-Length", Integer.toString(bytes.length));
    }
    all.forEach((name, value) -> request.append(name + ": " + value + "\r\n"));
    socket.getOutputStream().write((request + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().write(bytes);
    return new Http(socket, method.equals("HEAD"));
  }

  /** Reads a whole reply; the connection can then be used again. */
  public Reply reply() throws IOException {
    int status = Integer.parseInt(line().split(" ", 3)[1]);
    Map<String, String> headers = headers();
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    if ("chunked".equals(headers.get("Transfer-Encoding"))) {
      for (byte[] chunk = chunk(); chunk.length > 0; chunk = chunk()) {
        body.write(chunk);
      }
    } else if (!head) {
      body.write(bytes(Integer.parseInt(headers.getOrDefault("Content-Length", "0"))));
    }
    return new Reply(status, headers, body.toString(StandardCharsets.UTF_8));
  }

  /** Reads a reply as far as its first chunk. */
  public String firstChunk() throws IOException {
    line();
    headers();
    return new String(chunk(), StandardCharsets.UTF_8);
  }

  /** Reads on after {@link #firstChunk}, to the end. */
  public String rest() throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (byte[] chunk = chunk(); chunk.length > 0; chunk = chunk()) {
      body.write(chunk);
    }
    return body.toString(StandardCharsets.UTF_8);
  }

  public Socket socket() {
    return socket;
  }

  /** Goes away, whatever the server does at that time. */
  public void leave() throws IOException {
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private Map<String, String> headers() throws IOException {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers.put(line.substring(0, colon), line.substring(colon + 1).strip());
    }
    return headers;
  }

  private byte[] chunk() throws IOException {
    byte[] chunk = bytes(Integer.parseInt(line(), 16));
    line();
    return chunk;
  }

  private byte[] bytes(int count) throws IOException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw new EOFException("ended after " + bytes.length + " of " + count + " bytes");
    }
    return bytes;
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException("ended in a line: " + line);
      }
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }
}

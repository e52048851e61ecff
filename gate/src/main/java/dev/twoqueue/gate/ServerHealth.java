package dev.twoqueue.gate;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Asks a llama-server on this machine whether it is loading: {@code GET /health} answers 503 while
 * it does, and something else when it has. Nothing is loaded by the question.
 */
final class ServerHealth {
  private static final Duration TIMEOUT = Duration.ofMillis(200);
  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|[0-9a-fA-F:]+");

  /** What it said. */
  enum State {
    LOADING,
    LOADED,
    /** Nobody answers, or it is not known where to ask. */
    UNKNOWN
  }

  private ServerHealth() {}

  /** Asks at the address in its arguments or environment; by default port 8080. */
  static State ask(List<String> arguments, Map<String, String> environment) {
    String host =
        option(arguments, "--host", environment.get("LLAMA_ARG_HOST")).orElse("localhost");
    String port = option(arguments, "--port", environment.get("LLAMA_ARG_PORT")).orElse("8080");
    boolean everywhere = host.equals("localhost") || host.equals("0.0.0.0") || host.equals("::");
    String address = everywhere ? "127.0.0.1" : host;
    if (!ADDRESS.matcher(address).matches() || !port.matches("\\d{1,5}")) {
      return State.UNKNOWN; // a socket file, or a name that would have to be looked up
    }
    try (Socket socket = new Socket()) {
      int timeout = Math.toIntExact(TIMEOUT.toMillis());
      socket.setSoTimeout(timeout);
      socket.connect(new InetSocketAddress(address, Integer.parseInt(port)), timeout);
      String request = "GET /health HTTP/1.0\r\nHost: localhost\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return state(socket.getInputStream());
    } catch (IOException | IllegalArgumentException e) {
      return State.UNKNOWN;
    }
  }

  private static State state(InputStream in) throws IOException {
    String answer = new String(in.readNBytes("HTTP/1.1 503".length()), StandardCharsets.US_ASCII);
    if (!answer.matches("HTTP/1\\.[01] \\d{3}")) {
      return State.UNKNOWN;
    }
    return answer.endsWith("503") ? State.LOADING : State.LOADED;
  }

  private static Optional<String> option(
      List<String> arguments, String name, @org.jspecify.annotations.Nullable String otherwise) {
    for (int i = 0; i < arguments.size(); i++) {
      if (arguments.get(i).startsWith(name + "=")) {
        return Optional.of(arguments.get(i).substring(name.length() + 1));
      }
      if (arguments.get(i).equals(name) && i + 1 < arguments.size()) {
        return Optional.of(arguments.get(i + 1));
      }
    }
    return Optional.ofNullable(otherwise);
  }
}

package dev.twoqueue.ollama;

import dev.twoqueue.ollama.internal.http.ServerAddress;
import java.net.URI;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/** Reads the address of a server in all the forms that {@code OLLAMA_HOST} has. */
final class OllamaHost {
  static final int DEFAULT_PORT = 11434;

  private OllamaHost() {}

  /** From the environment; nothing there means this machine. */
  static HttpUrl fromEnvironment(@Nullable String value) {
    String text = value == null ? "" : ServerAddress.unquoted(value);
    return text.isEmpty() ? parse("127.0.0.1", "OLLAMA_HOST") : parse(text, "OLLAMA_HOST");
  }

  static HttpUrl parse(String value, String name) {
    return ServerAddress.parse(Arguments.notBlank(value, name), name, DEFAULT_PORT);
  }

  static HttpUrl parse(URI uri, String name) {
    Arguments.notNull(uri, name);
    if (uri.getHost() == null) {
      throw new IllegalArgumentException(name + " has no host: '" + uri + "'");
    }
    return parse(uri.toString(), name);
  }
}

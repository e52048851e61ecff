package dev.twoqueue.ollama.internal.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * One request to the server.
 *
 * @param method the HTTP method
 * @param path without the leading slash; or a whole address, of another server
 * @param body the JSON to send
 * @param model the model it is about, for errors
 * @param accept the media type to ask for
 */
public record ApiRequest(
    String method,
    String path,
    @Nullable ObjectNode body,
    @Nullable String model,
    @Nullable String accept) {

  public ApiRequest(String method, String path, @Nullable ObjectNode body, @Nullable String model) {
    this(method, path, body, model, null);
  }

  public static ApiRequest get(String path) {
    return new ApiRequest("GET", path, null, null);
  }

  /** To another server than the client's: the registry. */
  public static ApiRequest getElsewhere(String url, String model, String accept) {
    return new ApiRequest("GET", url, null, model, accept);
  }

  public static ApiRequest post(String path, ObjectNode body, String model) {
    return new ApiRequest("POST", path, body, model);
  }

  public static ApiRequest delete(String path, ObjectNode body, String model) {
    return new ApiRequest("DELETE", path, body, model);
  }

  public String endpoint() {
    return method + (path.contains("://") ? " " : " /") + path;
  }
}

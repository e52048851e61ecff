package dev.twoqueue.ollama.internal.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * One request to the server.
 *
 * @param method the HTTP method
 * @param path without the leading slash
 * @param body the JSON to send
 * @param model the model it is about, for errors
 */
public record ApiRequest(
    String method, String path, @Nullable ObjectNode body, @Nullable String model) {

  public static ApiRequest get(String path) {
    return new ApiRequest("GET", path, null, null);
  }

  public static ApiRequest post(String path, ObjectNode body, String model) {
    return new ApiRequest("POST", path, body, model);
  }

  public static ApiRequest delete(String path, ObjectNode body, String model) {
    return new ApiRequest("DELETE", path, body, model);
  }

  public String endpoint() {
    return method + " /" + path;
  }

  public String modelOrNone() {
    return model == null ? "(none named)" : model;
  }
}

package dev.twoqueue.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twoqueue.ollama.RecordedServer.Recorded;
import dev.twoqueue.ollama.internal.http.ApiRequest;
import dev.twoqueue.ollama.internal.http.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes the client send what was recorded, or the nearest to it that the client can send. */
final class RecordedCalls {
  private static final Pattern GO_DURATION = Pattern.compile("(-?[0-9.]+)([hms])");
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private RecordedCalls() {}

  /** The call; what it gives is what the client's method gives. */
  static Function<OllamaClient, Object> of(Recorded recorded) {
    JsonNode body = recorded.body();
    String model = model(body.has("name") ? body.path("name") : body.path("model"));
    return switch (recorded.method() + " " + recorded.path()) {
      case "GET /api/version" -> OllamaApi::version;
      case "GET /api/ps" -> OllamaApi::ps;
      case "GET /api/tags" -> OllamaApi::tags;
      case "POST /api/show" -> api -> api.show(model, body.path("verbose").asBoolean());
      case "DELETE /api/delete" ->
          api -> {
            api.delete(model);
            return "deleted";
          };
      case "POST /api/pull" ->
          api -> {
            List<PullProgress> lines = new ArrayList<>();
            api.pull(model, lines::add);
            return lines;
          };
      case "POST /api/embed" -> api -> api.embed(embed(model, body));
      case "POST /api/generate", "POST /api/chat" -> ask(recorded, model);
      case "POST /api/create" -> api -> rawLines(api, raw(recorded));
      default -> api -> raw(api, raw(recorded));
    };
  }

  /** Whether the client has a method for this request. */
  static boolean hasMethod(Recorded recorded) {
    return switch (recorded.method() + " " + recorded.path()) {
      case "GET /api/version",
          "GET /api/ps",
          "GET /api/tags",
          "POST /api/show",
          "DELETE /api/delete",
          "POST /api/pull",
          "POST /api/embed",
          "POST /api/generate",
          "POST /api/chat" ->
          true;
      default -> false;
    };
  }

  private static Function<OllamaClient, Object> ask(Recorded recorded, String model) {
    JsonNode body = recorded.body();
    boolean chat = recorded.path().equals("/api/chat");
    ModelOptions options = options(body.path("options"));
    Long seconds = seconds(body.path("keep_alive"));
    KeepAlive keepAlive = seconds == null || seconds > 1L << 31 ? null : new KeepAlive(seconds);
    boolean asks = body.path("prompt").asText().length() + body.path("messages").size() > 0;
    if (!asks) {
      boolean unloads = keepAlive != null && keepAlive.seconds() == 0;
      return api -> {
        if (unloads) {
          api.unload(model);
        } else {
          api.load(model, options, keepAlive);
        }
        return unloads ? "unloaded" : "loaded";
      };
    }
    boolean streamed = body.path("stream").asBoolean(true);
    if (chat) {
      ChatRequest request = withFields(chat(model, body, options, keepAlive), body);
      return api -> streamed ? api.chat(request, chunk -> {}) : api.chat(request);
    }
    GenerateRequest request =
        withFields(generate(model, body.path("prompt").asText(), options, keepAlive), body);
    return api -> streamed ? api.generate(request, chunk -> {}) : api.generate(request);
  }

  private static GenerateRequest generate(
      String model, String prompt, ModelOptions options, @Nullable KeepAlive keepAlive) {
    GenerateRequest request = GenerateRequest.of(model, prompt).withOptions(options);
    return keepAlive == null ? request : request.withKeepAlive(keepAlive);
  }

  private static ChatRequest chat(
      String model, JsonNode body, ModelOptions options, @Nullable KeepAlive keepAlive) {
    List<ChatMessage> messages = new ArrayList<>();
    for (JsonNode message : body.path("messages")) {
      messages.add(
          new ChatMessage(message.path("role").asText(), message.path("content").asText()));
    }
    ChatRequest request =
        ChatRequest.of(model, messages.isEmpty() ? List.of(ChatMessage.user("x")) : messages)
            .withOptions(options);
    return keepAlive == null ? request : request.withKeepAlive(keepAlive);
  }

  private static GenerateRequest withFields(GenerateRequest request, JsonNode body) {
    GenerateRequest more = request;
    for (String field : List.of("format", "think", "truncate", "shift")) {
      if (body.has(field)) {
        more = more.withField(field, body.get(field));
      }
    }
    return more;
  }

  private static ChatRequest withFields(ChatRequest request, JsonNode body) {
    return body.has("tools") ? request.withField("tools", body.get("tools")) : request;
  }

  private static EmbedRequest embed(String model, JsonNode body) {
    List<String> texts = new ArrayList<>();
    JsonNode input = body.path("input");
    for (JsonNode text : input.isArray() ? input : Json.object().putArray("x").add(input)) {
      texts.add(text.asText().isBlank() ? "x" : text.asText());
    }
    EmbedRequest request = EmbedRequest.of(model, texts.isEmpty() ? List.of("x") : texts);
    Long seconds = seconds(body.path("keep_alive"));
    request = seconds == null ? request : request.withKeepAlive(new KeepAlive(seconds));
    for (String field : List.of("truncate", "dimensions")) {
      request = body.has(field) ? request.withField(field, body.get(field)) : request;
    }
    return request;
  }

  private static ModelOptions options(JsonNode node) {
    ModelOptions options = ModelOptions.NONE;
    for (Map.Entry<String, JsonNode> option : node.properties()) {
      options = with(options, option.getKey(), option.getValue());
    }
    return options;
  }

  /** A value that the client does not take is left out. */
  private static ModelOptions with(ModelOptions options, String name, JsonNode value) {
    try {
      return options.with(name, value.isInt() ? (Object) value.intValue() : value);
    } catch (IllegalArgumentException refused) {
      return options;
    }
  }

  private static String model(JsonNode name) {
    try {
      ModelName.parse(name.asText());
      return name.isTextual() ? name.asText() : "m";
    } catch (IllegalArgumentException notAName) {
      return "m";
    }
  }

  /** Seconds of a keep_alive in any of its forms; null where there is none that is valid. */
  private static @Nullable Long seconds(JsonNode keepAlive) {
    if (keepAlive.isNumber()) {
      return keepAlive.longValue() < 0 ? -1L : (long) Math.ceil(keepAlive.doubleValue());
    }
    if (!keepAlive.isTextual()) {
      return null;
    }
    if (keepAlive.textValue().equals("0")) {
      return 0L;
    }
    Matcher part = GO_DURATION.matcher(keepAlive.textValue());
    double sum = 0;
    int parts = 0;
    for (; part.find(); parts++) {
      int unit = part.group(2).equals("h") ? 3600 : part.group(2).equals("m") ? 60 : 1;
      sum += Double.parseDouble(part.group(1)) * unit;
    }
    return parts == 0 ? null : sum < 0 ? -1L : (long) sum;
  }

  /** What two bodies that ask the same of the server have in common. */
  static JsonNode normal(JsonNode body) {
    if (!body.isObject()) {
      return body;
    }
    ObjectNode normal = body.deepCopy();
    normal.remove(List.of("stream", "insecure"));
    if (normal.has("name")) {
      normal.set("model", normal.remove("name"));
    }
    if (normal.path("input").isTextual()) {
      ArrayNode list = Json.object().putArray("input").add(normal.path("input").asText());
      normal.set("input", list);
    }
    JsonNode keepAlive = normal.path("keep_alive");
    Long seconds = seconds(keepAlive);
    if (seconds != null && (!keepAlive.isDouble() || keepAlive.doubleValue() == seconds)) {
      normal.put("keep_alive", (int) (long) seconds);
    } else if (keepAlive.isNull()) {
      normal.remove("keep_alive");
    }
    return normal;
  }

  private static ApiRequest raw(Recorded recorded) {
    JsonNode body = recorded.body();
    ObjectNode sent = body.isObject() ? (ObjectNode) body : Json.object();
    return new ApiRequest(
        recorded.method(),
        recorded.path().substring(1),
        recorded.method().equals("POST") ? sent : null,
        body.path("model").isTextual() ? body.path("model").textValue() : "m");
  }

  /** An endpoint that the client has no method for: its transport and its errors are the same. */
  private static String raw(OllamaClient client, ApiRequest request) {
    return client.http.whole(
        request,
        LIMIT,
        2_000_000,
        in -> new String(in.readAllBytes(), StandardCharsets.UTF_8),
        null);
  }

  private static List<String> rawLines(OllamaClient client, ApiRequest request) {
    List<String> lines = new ArrayList<>();
    client.http.lines(
        request,
        LIMIT,
        LIMIT,
        (line, exchange) -> {
          JsonNode node = Json.tree(line);
          Optional<String> error = Json.errorText(node);
          if (error.isPresent()) {
            throw ErrorMapper.ofLine(request, exchange.status(), error.get());
          }
          lines.add(new String(line, StandardCharsets.UTF_8) + "\n");
          return false;
        },
        null);
    return lines;
  }
}

package dev.twoqueue.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twoqueue.CancellationToken;
import dev.twoqueue.ollama.internal.http.ApiRequest;
import dev.twoqueue.ollama.internal.http.HttpCalls;
import dev.twoqueue.ollama.internal.http.Json;
import dev.twoqueue.ollama.internal.http.Where;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints of an Ollama server. Calls block and are safe for use by any thread; each ends at
 * once when the calling thread is interrupted or the token that it is bound to is cancelled, and
 * closes its HTTP call then. Consumers run on the calling thread.
 *
 * <p>Every method throws a member of {@link OllamaException} when there is no answer, {@link
 * IllegalArgumentException} when an argument is blank or no valid model name, and {@link
 * IllegalStateException} when the client is closed.
 *
 * <p>How long calls may take is {@link OllamaTimeouts}; how much of an answer is read is set at
 * {@link OllamaClientBuilder}.
 */
public class OllamaApi {
  final HttpCalls calls;
  final ClientSettings settings;
  private final @Nullable CancellationToken token;

  OllamaApi(HttpCalls calls, ClientSettings settings, @Nullable CancellationToken token) {
    this.calls = calls;
    this.settings = settings;
    this.token = token;
  }

  /**
   * The server's version.
   *
   * @return for example {@code 0.33.0}; {@code 0.0.0} from a plain source build
   */
  public final String version() {
    return quick(ApiRequest.get("api/version"), node -> Json.text(node, "version"));
  }

  /**
   * What is resident.
   *
   * @return empty when the server says that nothing is
   */
  public final List<RunningModel> ps() {
    return quick(ApiRequest.get("api/ps"), ListReader::running);
  }

  /**
   * What is installed.
   *
   * @return in the server's order: most recently changed first
   */
  public final List<InstalledModel> tags() {
    return quick(ApiRequest.get("api/tags"), ListReader::installed);
  }

  /**
   * What the server knows of a model.
   *
   * @param model its name
   * @param verbose whether to send longer lists too, as some figures come as one for each layer;
   *     the answer then is megabytes, of which the tokenizer is skipped as it streams by
   * @return the details
   */
  public final ModelDetails show(String model, boolean verbose) {
    ObjectNode body = named(model);
    if (verbose) {
      body.put("verbose", true);
    }
    return calls.whole(
        ApiRequest.post("api/show", body, model),
        settings.timeouts().quick(),
        settings.maxLargeAnswerBytes(),
        ShowReader::read,
        token);
  }

  /**
   * Asks and waits for the whole answer. The server sends nothing before it is complete, so only
   * {@link OllamaTimeouts#overall} bounds the wait; the streamed form notices a stall sooner.
   *
   * @param request the prompt
   * @return the answer; see {@link OllamaAnswer#done}
   */
  public final OllamaAnswer generate(GenerateRequest request) {
    return whole(ApiRequest.post("api/generate", request.json(false), request.model()));
  }

  /**
   * Asks and takes the answer piece by piece.
   *
   * @param request the prompt
   * @param consumer takes each piece, on the calling thread; what it throws ends the call
   * @return the complete answer
   */
  public final OllamaAnswer generate(
      GenerateRequest request, Consumer<? super OllamaChunk> consumer) {
    return streamed(ApiRequest.post("api/generate", request.json(true), request.model()), consumer);
  }

  /**
   * Asks and waits for the whole answer, as {@link #generate(GenerateRequest)} does.
   *
   * @param request the conversation
   * @return the answer; see {@link OllamaAnswer#done}
   */
  public final OllamaAnswer chat(ChatRequest request) {
    return whole(ApiRequest.post("api/chat", request.json(false), request.model()));
  }

  /**
   * Asks and takes the answer piece by piece.
   *
   * @param request the conversation
   * @param consumer takes each piece, on the calling thread; what it throws ends the call
   * @return the complete answer
   */
  public final OllamaAnswer chat(ChatRequest request, Consumer<? super OllamaChunk> consumer) {
    return streamed(ApiRequest.post("api/chat", request.json(true), request.model()), consumer);
  }

  /**
   * Turns texts into vectors. Goes straight to the server; see {@link OllamaEmbeddings} for calls
   * beside the queue.
   *
   * @param request the texts
   * @return one vector for each text, in order
   */
  public final List<float[]> embed(EmbedRequest request) {
    ApiRequest api = ApiRequest.post("api/embed", request.json(), request.model());
    return calls.whole(
        api,
        settings.timeouts().load(),
        settings.maxLargeAnswerBytes(),
        body -> EmbedReader.read(body, request.size()),
        token);
  }

  /**
   * What a model would take on disk, as its registry says: asked of the registry itself, past the
   * server, since the server tells it only while it pulls. Parts that are there already count too.
   *
   * @param model its name; one that begins with {@code http://} is asked for without TLS
   * @return bytes, the sum of its layers
   */
  public final long pullSize(String model) {
    ApiRequest request = RegistryManifest.request(model);
    try {
      return calls.whole(
          request,
          settings.timeouts().quick(),
          settings.maxAnswerBytes(),
          RegistryManifest::size,
          token);
    } catch (OllamaException.ProtocolViolation e) {
      if (e.status().orElse(0) != 404) {
        throw e;
      }
      throw new OllamaException.ModelNotFound(
          model,
          "The registry has no such model: " + model,
          new Where(request.endpoint(), 404, e.received()));
    }
  }

  /**
   * Downloads a model, or takes up where an earlier download stopped. A call that ends early, by a
   * cancel or by an error, leaves on the server's disk what it has, and the next one goes on there.
   * A download that stalls makes the server try again without limit; here it ends after {@link
   * OllamaTimeouts#pullIdle} without progress.
   *
   * @param model its name
   * @param consumer takes each line of progress, on the calling thread; what it throws ends the
   *     call
   */
  public final void pull(String model, Consumer<? super PullProgress> consumer) {
    Arguments.notNull(consumer, "consumer");
    ApiRequest request = ApiRequest.post("api/pull", named(model).put("stream", true), model);
    StallWatch watch = new StallWatch(settings.timeouts().pullIdle());
    boolean ended =
        calls.lines(
            request,
            settings.timeouts().pullIdle(),
            settings.timeouts().pullIdle(),
            (line, exchange) -> {
              JsonNode node = checked(request, Json.tree(line), exchange.status());
              PullProgress progress =
                  new PullProgress(
                      Json.text(node, "status"),
                      Json.optionalText(node, "digest"),
                      Json.count(node, "total"),
                      Json.count(node, "completed"));
              watch.saw(progress, exchange.where());
              consumer.accept(progress);
              return progress.isSuccess();
            },
            token);
    if (!ended) {
      throw broken(request);
    }
  }

  /**
   * Loads a model with the server's defaults and returns when it is ready.
   *
   * @param model its name
   */
  public final void load(String model) {
    load(model, ModelOptions.NONE, null);
  }

  /**
   * Loads a model and returns when it is ready. Where it is resident already this only changes its
   * time to stay, and reloads it when a runner option differs. A model that only embeds is loaded
   * through the embedding endpoint.
   *
   * @param model its name
   * @param options the options that it will be asked with
   * @param keepAlive how long it stays; null leaves that to the server
   */
  public final void load(String model, ModelOptions options, @Nullable KeepAlive keepAlive) {
    if (keepAlive != null && keepAlive.seconds() == 0) {
      throw new IllegalArgumentException("keepAlive 0 does not load; see unload");
    }
    load(model, Arguments.notNull(options, "options"), keepAlive, settings.timeouts().load());
  }

  /**
   * Changes how long a resident model stays, which a server does at once. Where it turns out to
   * load the model, it is given up as soon as any call that needs no model would be.
   */
  final void stay(String model, ModelOptions options, KeepAlive keepAlive) {
    load(model, options, keepAlive, settings.timeouts().quick());
  }

  private void load(
      String model, ModelOptions options, @Nullable KeepAlive keepAlive, Duration limit) {
    ObjectNode body = new RequestSettings(model, options, keepAlive, Map.of()).json(false);
    ModelName.parse(model);
    try {
      loadThrough("api/generate", body, model, limit);
    } catch (OllamaException.Unsupported onlyEmbeds) {
      body.putArray("input");
      body.remove("stream");
      calls.whole(
          ApiRequest.post("api/embed", body, model),
          limit,
          settings.maxAnswerBytes(),
          in -> EmbedReader.read(in, 0),
          token);
    }
  }

  private void loadThrough(String path, ObjectNode body, String model, Duration limit) {
    ApiRequest request = ApiRequest.post(path, body, model);
    calls.whole(
        request,
        limit,
        settings.maxAnswerBytes(),
        in -> expectDone(checked(request, Json.tree(in), 200), "load"),
        token);
  }

  /**
   * Asks the server to unload a model. Returns when the server has taken note: the model leaves
   * when it is idle, and stays if it is still loading. {@link OllamaClient#evictor} waits for it.
   *
   * @param model its name; one that is not resident is no error
   */
  public final void unload(String model) {
    ObjectNode body = named(model).put("keep_alive", KeepAlive.UNLOAD.seconds());
    body.put("stream", false);
    ApiRequest request = ApiRequest.post("api/generate", body, model);
    quick(request, node -> expectDone(node, "unload"));
  }

  /**
   * Deletes an installed model. One that is resident stays so and can no longer be unloaded by its
   * name: unload it first.
   *
   * @param model its name
   */
  public final void delete(String model) {
    ApiRequest request = ApiRequest.delete("api/delete", named(model), model);
    calls.whole(
        request,
        settings.timeouts().quick(),
        settings.maxAnswerBytes(),
        body -> {
          byte[] text = body.readAllBytes(); // empty, or else what tells that this is no Ollama
          return text.length == 0 || checked(request, Json.tree(text), 200).isObject();
        },
        token);
  }

  private OllamaAnswer whole(ApiRequest request) {
    return calls.whole(
        request,
        settings.timeouts().overall(),
        settings.maxAnswerBytes(),
        in -> {
          JsonNode node = checked(request, Json.tree(in), 200);
          AnswerReader reader = new AnswerReader(settings.maxAnswerBytes(), null);
          Optional<OllamaAnswer> answer = reader.take(node);
          return answer.isPresent() ? answer.get() : reader.unfinished(node);
        },
        token);
  }

  private OllamaAnswer streamed(ApiRequest request, Consumer<? super OllamaChunk> consumer) {
    Arguments.notNull(consumer, "consumer");
    AnswerReader reader = new AnswerReader(settings.maxAnswerBytes(), consumer);
    AtomicReference<@Nullable OllamaAnswer> answer = new AtomicReference<>();
    calls.lines(
        request,
        settings.timeouts().load(),
        settings.timeouts().idle(),
        (line, exchange) -> {
          reader.take(checked(request, Json.tree(line), exchange.status())).ifPresent(answer::set);
          return answer.get() != null;
        },
        token);
    OllamaAnswer complete = answer.get();
    if (complete != null) {
      return complete;
    }
    if (reader.begun()) {
      throw broken(request);
    }
    // The stream's form of the empty object: the model ended at once, without a single token.
    return AnswerReader.empty();
  }

  private <T> T quick(ApiRequest request, NodeReader<T> reader) {
    return calls.whole(
        request,
        settings.timeouts().quick(),
        settings.maxAnswerBytes(),
        in -> reader.read(checked(request, Json.tree(in), 200)),
        token);
  }

  private static JsonNode checked(ApiRequest request, JsonNode node, int status)
      throws IOException {
    Optional<String> error = Json.errorText(Json.requireObject(node));
    if (error.isPresent()) {
      throw ErrorMapper.ofLine(request, status, error.get());
    }
    return node;
  }

  private static boolean expectDone(JsonNode node, String reason) throws IOException {
    Optional<String> said = Json.optionalText(node, "done_reason");
    if (!Json.flag(node, "done") || !said.orElse(reason).equals(reason)) {
      throw new Json.MalformedException("not done with reason '" + reason + "'");
    }
    return true;
  }

  private static OllamaException broken(ApiRequest request) {
    return new OllamaException.StreamBroken(
        "The stream ended before its last line", new Where(request.endpoint(), 200, ""), null);
  }

  private static ObjectNode named(String model) {
    ModelName.parse(model);
    return Json.object().put("model", model);
  }

  @FunctionalInterface
  private interface NodeReader<T> {
    T read(JsonNode node) throws IOException;
  }
}

package dev.twoqueue.ollama;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twoqueue.CancellationToken;
import dev.twoqueue.ollama.internal.http.ApiRequest;
import dev.twoqueue.ollama.internal.http.HttpCalls;
import dev.twoqueue.ollama.internal.http.Json;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints of an Ollama server. Calls block and are safe for use by any thread; each ends at
 * once when the calling thread is interrupted or the token that it is bound to is cancelled, and
 * closes its HTTP call then. Consumers run on the calling thread.
 *
 * <p>Every method throws a member of {@link OllamaException} when there is no answer, {@link
 * IllegalArgumentException} when an argument is blank or no valid model name, {@link
 * NullPointerException} for null, and {@link IllegalStateException} when the client is closed.
 *
 * <p>How long calls may take is {@link OllamaTimeouts}; how much of an answer is read is set at
 * {@link OllamaClientBuilder}.
 */
public class OllamaApi {
  final HttpCalls http;
  final ClientSettings settings;
  private final OllamaCalls calls;
  private final LoadCalls loads;
  private final PullCalls pulls;

  OllamaApi(HttpCalls http, ClientSettings settings, @Nullable CancellationToken token) {
    this.http = http;
    this.settings = settings;
    this.calls = new OllamaCalls(http, settings, token);
    this.loads = new LoadCalls(calls);
    this.pulls = new PullCalls(calls);
  }

  /**
   * The server's version.
   *
   * @return for example {@code 0.33.0}; {@code 0.0.0} from a plain source build
   */
  public final String version() {
    return calls.quick(ApiRequest.get("api/version"), node -> Json.text(node, "version"));
  }

  /**
   * What is resident.
   *
   * @return empty when the server says that nothing is
   */
  public final List<RunningModel> ps() {
    return calls.quick(ApiRequest.get("api/ps"), ListReader::running);
  }

  /**
   * What is installed.
   *
   * @return in the server's order: most recently changed first
   */
  public final List<InstalledModel> tags() {
    return calls.quick(ApiRequest.get("api/tags"), ListReader::installed);
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
    ObjectNode body = OllamaCalls.naming(model);
    if (verbose) {
      body.put("verbose", true);
    }
    return calls.largeBody(
        ApiRequest.post("api/show", body, model), settings.timeouts().quick(), ShowReader::read);
  }

  /**
   * Asks and waits for the whole answer. The server sends nothing before it is complete, so only
   * {@link OllamaTimeouts#overall} bounds the wait; the streamed form notices a stall sooner.
   *
   * @param request the prompt
   * @return the answer; see {@link OllamaAnswer#done}
   */
  public final OllamaAnswer generate(GenerateRequest request) {
    return calls.answer(ApiRequest.post("api/generate", request.json(false), request.model()));
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
    return calls.answer(
        ApiRequest.post("api/generate", request.json(true), request.model()), consumer);
  }

  /**
   * Asks and waits for the whole answer, as {@link #generate(GenerateRequest)} does.
   *
   * @param request the conversation
   * @return the answer; see {@link OllamaAnswer#done}
   */
  public final OllamaAnswer chat(ChatRequest request) {
    return calls.answer(ApiRequest.post("api/chat", request.json(false), request.model()));
  }

  /**
   * Asks and takes the answer piece by piece.
   *
   * @param request the conversation
   * @param consumer takes each piece, on the calling thread; what it throws ends the call
   * @return the complete answer
   */
  public final OllamaAnswer chat(ChatRequest request, Consumer<? super OllamaChunk> consumer) {
    return calls.answer(ApiRequest.post("api/chat", request.json(true), request.model()), consumer);
  }

  /**
   * Turns texts into vectors. Goes straight to the server; see {@link OllamaEmbeddings} for calls
   * beside the queue.
   *
   * @param request the texts
   * @return one vector for each text, in order
   */
  public final List<float[]> embed(EmbedRequest request) {
    return calls.largeBody(
        ApiRequest.post("api/embed", request.json(), request.model()),
        settings.timeouts().load(),
        body -> EmbedReader.read(body, request.size()));
  }

  /**
   * What a model would take on disk, as its registry says: asked of the registry itself, past the
   * server, since the server tells it only while it pulls. Parts that are there already count too.
   *
   * @param model its name; one that begins with {@code http://} is asked for without TLS
   * @return bytes, the sum of its layers
   */
  public final long pullSize(String model) {
    return pulls.size(model);
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
    pulls.pull(model, consumer);
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
   * @throws IllegalArgumentException also when keepAlive is {@link KeepAlive#UNLOAD}
   */
  public final void load(String model, ModelOptions options, @Nullable KeepAlive keepAlive) {
    if (keepAlive != null && keepAlive.seconds() == 0) {
      throw new IllegalArgumentException("keepAlive 0 does not load; see unload");
    }
    loads.load(model, Arguments.notNull(options, "options"), keepAlive, settings.timeouts().load());
  }

  /**
   * Changes how long a resident model stays, which a server does at once. Where it turns out to
   * load the model, it is given up as soon as any call that needs no model would be.
   */
  final void stay(String model, ModelOptions options, KeepAlive keepAlive) {
    loads.load(model, options, keepAlive, settings.timeouts().quick());
  }

  /**
   * Asks the server to unload a model. Returns when the server has taken note: the model leaves
   * when it is idle, and stays if it is still loading. {@link OllamaClient#evictor} waits for it.
   *
   * @param model its name; an installed one that is not resident is no error
   */
  public final void unload(String model) {
    loads.unload(model);
  }

  /**
   * Deletes an installed model. One that is resident stays so and can no longer be unloaded by its
   * name: unload it first.
   *
   * @param model its name
   */
  public final void delete(String model) {
    calls.order(ApiRequest.delete("api/delete", OllamaCalls.naming(model), model));
  }
}

package dev.twoqueue.ollama;

import dev.twoqueue.ollama.internal.http.Where;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Embeddings beside the queue (I9): straight to the server, never queued, a bounded number at once.
 * Calls send no {@code keep_alive}, which could revive a model that the server is evicting (its
 * issue 17408) and block every later load; while this client changes a pin, which takes
 * milliseconds, they wait for that.
 *
 * <p>The server needs room for two models ({@code OLLAMA_MAX_LOADED_MODELS}); with one, every
 * embedding evicts the worker model. That is noticed when a pinned model leaves, and {@link
 * OllamaClient#bypassWarning} then says so. Safe for use by any thread.
 */
public final class OllamaEmbeddings {
  /** How many calls run at once, unless set otherwise. */
  public static final int DEFAULT_CONCURRENCY = 2;

  private static final String ENDPOINT = "POST /api/embed";
  private static final Where NOWHERE = new Where(ENDPOINT, 0, "");

  private final OllamaClient client;
  private final String model;
  private final ModelName name;
  private final int concurrency;
  private final Semaphore permits;

  OllamaEmbeddings(OllamaClient client, String model, int concurrency) {
    this.name = ModelName.parse(model);
    client.workers().bypass().add(name);
    this.client = client;
    this.model = model;
    this.concurrency = concurrency;
    this.permits = new Semaphore(concurrency, true);
  }

  /**
   * The same model with another number of calls at once.
   *
   * @param atOnce 1 to 1000
   * @return a new instance with its own bound
   * @throws IllegalArgumentException when outside of that
   */
  public OllamaEmbeddings withConcurrency(int atOnce) {
    return new OllamaEmbeddings(
        client, model, (int) Arguments.between(atOnce, 1, 1000, "concurrency"));
  }

  /**
   * Turns a text into a vector.
   *
   * @param text not blank
   * @return the vector
   * @throws OllamaException when there is no answer; {@link OllamaException.TimedOut} also when no
   *     place was free within the time for a load
   */
  public float[] embed(String text) {
    return embed(List.of(Arguments.notBlank(text, "text"))).get(0);
  }

  /**
   * Turns texts into vectors, in one call.
   *
   * @param texts at least one, none blank
   * @return one vector for each, in order
   * @throws OllamaException as for {@link #embed(String)}
   */
  public List<float[]> embed(List<String> texts) {
    EmbedRequest request = EmbedRequest.of(model, texts);
    acquire();
    try {
      PinGate.Pass pass = client.workers().mayLoad(ENDPOINT);
      try {
        return client.embed(request);
      } finally {
        pass.end();
      }
    } finally {
      permits.release();
    }
  }

  /**
   * Loads the model and pins it until the client is closed. To be called at the start, before the
   * queue swaps models: it waits until no load, eviction or embedding of this client is under way.
   *
   * @throws OllamaException when it cannot be loaded; {@link OllamaException.TimedOut} also when
   *     something was under way for the whole time for a load
   */
  public void pin() {
    WorkerModels workers = client.workers();
    Duration patience = client.settings.timeouts().load();
    Optional<PinGate.Pass> alone = workers.gate().alone(patience);
    if (alone.isEmpty()) {
      throw notAlone(patience);
    }
    try {
      List<RunningModel> before = client.ps();
      workers
          .requests()
          .asked(
              name.toString(),
              new WorkerRequests.Asked(ModelOptions.NONE, KeepAlive.FOREVER, true));
      client.load(model, ModelOptions.NONE, KeepAlive.FOREVER);
      workers.bypass().loaded(name, before, client.ps());
    } finally {
      alone.get().end();
    }
  }

  private static OllamaException notAlone(Duration patience) {
    if (Thread.currentThread().isInterrupted()) {
      return new OllamaException.Cancelled("The calling thread was interrupted", NOWHERE, null);
    }
    return new OllamaException.TimedOut(
        "Loads or embeddings ran for all of " + patience + ", so that nothing could be pinned",
        NOWHERE);
  }

  private void acquire() {
    try {
      if (!permits.tryAcquire(client.settings.timeouts().load().toNanos(), TimeUnit.NANOSECONDS)) {
        throw new OllamaException.TimedOut(
            concurrency + " embedding calls ran all the time; none came free", NOWHERE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OllamaException.Cancelled("The calling thread was interrupted", NOWHERE, e);
    }
  }
}

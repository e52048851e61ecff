package dev.twoqueue.ollama;

import dev.twoqueue.ollama.internal.http.Where;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Embeddings beside the queue (I9): straight to the server, never queued, a bounded number at once.
 * Calls send no {@code keep_alive}, which could revive a model that the server is evicting (its
 * issue 17408) and block every later load.
 *
 * <p>The server needs room for two models ({@code OLLAMA_MAX_LOADED_MODELS}); with one, every
 * embedding evicts the worker model. Safe for use by any thread.
 */
public final class OllamaEmbeddings {
  /** How many calls run at once, unless set otherwise. */
  public static final int DEFAULT_CONCURRENCY = 2;

  private final OllamaClient client;
  private final String model;
  private final int concurrency;
  private final Semaphore permits;

  OllamaEmbeddings(OllamaClient client, String model, int concurrency) {
    ModelName.parse(model);
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
      return client.embed(request);
    } finally {
      permits.release();
    }
  }

  /**
   * Loads the model and pins it. To be called at the start, before the queue swaps models.
   *
   * @throws OllamaException when it cannot be loaded
   */
  public void pin() {
    client.load(model, ModelOptions.NONE, KeepAlive.FOREVER);
  }

  private void acquire() {
    Where where = new Where("POST /api/embed", 0, "");
    try {
      if (!permits.tryAcquire(client.settings.timeouts().load().toNanos(), TimeUnit.NANOSECONDS)) {
        throw new OllamaException.TimedOut(
            concurrency + " embedding calls ran all the time; none came free", where);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OllamaException.Cancelled("The calling thread was interrupted", where, e);
    }
  }
}

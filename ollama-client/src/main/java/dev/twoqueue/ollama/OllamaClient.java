package dev.twoqueue.ollama;

import dev.twoqueue.CancellationToken;
import dev.twoqueue.Evictor;
import dev.twoqueue.ResidencyProbe;
import dev.twoqueue.SchedulerListener;
import dev.twoqueue.WorkingSetPredictor;
import dev.twoqueue.ollama.internal.http.HttpCalls;
import dev.twoqueue.ollama.internal.http.ServerAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import okhttp3.HttpUrl;

/**
 * A client for one Ollama server, and what a scheduler needs of that server. Safe for use by any
 * thread.
 *
 * <p>Nothing connects before the first call. While no call runs the client has no thread of its own
 * for longer than 5 s.
 */
public final class OllamaClient extends OllamaApi implements AutoCloseable {
  private final HttpUrl base;
  private final WorkerModels workers;
  private final ModelCatalogue catalogue;
  private final OllamaResidency residency;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final AtomicBoolean following = new AtomicBoolean();

  OllamaClient(HttpUrl base, HttpCalls http, ClientSettings settings) {
    super(http, settings, null);
    this.base = base;
    this.catalogue = new ModelCatalogue(this);
    this.workers = new WorkerModels(this);
    this.residency = new OllamaResidency(this, settings, catalogue, workers.requests());
  }

  /**
   * A client for the server that {@code OLLAMA_HOST} names, else for port 11434 on this machine.
   *
   * @return the client, not connected yet
   * @throws IllegalArgumentException when {@code OLLAMA_HOST} is no address
   */
  public static OllamaClient connect() {
    return builder().build();
  }

  /**
   * A client for a server.
   *
   * @param address as for {@link OllamaClientBuilder#address(String)}
   * @return the client, not connected yet
   * @throws IllegalArgumentException when it is no address
   */
  public static OllamaClient connect(String address) {
    return builder().address(address).build();
  }

  /**
   * A client for a server.
   *
   * @param address http or https
   * @return the client, not connected yet
   * @throws IllegalArgumentException when it has no host or another scheme
   */
  public static OllamaClient connect(URI address) {
    return builder().address(address).build();
  }

  /**
   * Begins a client.
   *
   * @return a builder with the defaults
   */
  public static OllamaClientBuilder builder() {
    return new OllamaClientBuilder();
  }

  /**
   * The same endpoints, with calls that end when a token is cancelled.
   *
   * @param token for example {@code TaskContext.cancellation()}
   * @return a view; nothing to close
   */
  public OllamaApi cancelledBy(CancellationToken token) {
    return new OllamaApi(http, settings, Arguments.notNull(token, "token"));
  }

  /**
   * Where the server is.
   *
   * @return its base address
   */
  public URI address() {
    return ServerAddress.uri(base);
  }

  /**
   * Tells the scheduler what is resident, from {@code /api/ps}; its evictor is {@link #evictor}.
   *
   * @return the probe
   */
  public ResidencyProbe residencyProbe() {
    return residency;
  }

  /**
   * Unloads a model and waits until {@code /api/ps} no longer shows it.
   *
   * @return the evictor; it throws {@link EvictionFailedException} when the model stays
   */
  public Evictor evictor() {
    return new OllamaEvictor(this, settings.timeouts().evict());
  }

  /**
   * Forecasts what a task will take, from the model's metadata and size. Tasks that name no model
   * get the builder's assumed figures.
   *
   * @return the predictor
   */
  public WorkingSetPredictor workingSetPredictor() {
    return new OllamaPredictor(catalogue, this, settings);
  }

  /**
   * Embeddings beside the queue (I9). From now on the probe takes the model for one that stays
   * beside the worker, as if it had been named {@link OllamaClientBuilder#alwaysResident}.
   *
   * @param model an embedding model
   * @return calls that go straight to the server, two at a time
   * @throws IllegalArgumentException when it is no valid name
   */
  public OllamaEmbeddings embeddings(String model) {
    residency.staysBeside(ModelName.parse(model));
    return new OllamaEmbeddings(this, model, OllamaEmbeddings.DEFAULT_CONCURRENCY);
  }

  /**
   * Where the server keeps its models.
   *
   * @return empty when unknown, or not on this machine
   */
  public Optional<Path> modelsDirectory() {
    return Optional.ofNullable(settings.modelsDirectory());
  }

  /**
   * What swaps have cost so far, for reports: measured at the ready-made tasks and the evictor of
   * this client.
   *
   * @return by the model that was loaded, in normal form; at most the last 256 models
   */
  public Map<String, SwapCost> swapCosts() {
    return workers.costs().all();
  }

  /**
   * Why embeddings cannot pass by the queue on this server: it has no room for their model beside
   * the worker model. Seen when a load made a pinned model leave, and logged once then.
   *
   * @return empty as long as nothing of the kind was seen
   */
  public Optional<String> bypassWarning() {
    return workers.bypass().warning();
  }

  /**
   * Lets ready-made tasks pin a model only while more tasks for it are queued; after that it
   * lingers and leaves. In place of {@link OllamaClientBuilder#workerKeepAlive}, and where a task
   * names no time itself. To be given to one scheduler, with {@link
   * dev.twoqueue.SchedulerBuilder#listener}, which then tells this client what is queued.
   *
   * @param linger from a model's last use until it leaves; zero unloads it at once; at most 100
   *     years
   * @return the listener
   * @throws IllegalArgumentException when the time is negative or longer
   * @throws IllegalStateException when it was asked for before: a client follows one scheduler
   */
  public SchedulerListener pinWhileQueued(Duration linger) {
    PinWhileQueued listener = new PinWhileQueued(workers, KeepAlive.of(linger));
    if (!following.compareAndSet(false, true)) {
      throw new IllegalStateException("the client follows a scheduler already");
    }
    workers.follow(listener);
    return listener;
  }

  WorkerModels workers() {
    return workers;
  }

  OllamaResidency residency() {
    return residency;
  }

  /**
   * Gives the models that this client pinned a time to leave (best effort, logged), cancels the
   * calls that run, and ends threads and connections. A shared HTTP client stays open. OkHttp's own
   * housekeeping threads, which all clients of a process share, end by themselves after a minute.
   */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      try {
        workers.pins().close(KeepAlive.of(settings.lingerAfterClose()));
      } finally {
        http.close();
      }
    }
  }
}

package dev.twoqueue.servers;

import dev.twoqueue.CancellationToken;
import dev.twoqueue.Evictor;
import dev.twoqueue.Residency;
import dev.twoqueue.ResidencyProbe;
import dev.twoqueue.ResidentModel;
import dev.twoqueue.WorkingSetPredictor;
import dev.twoqueue.ollama.internal.http.ApiRequest;
import dev.twoqueue.ollama.internal.http.Where;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One model server, as a scheduler needs it. Safe for use by any thread. Nothing connects before
 * the first call, and nothing here makes a server load a model but {@code load}. Calls that fail
 * throw {@link ModelServerException}.
 */
public abstract sealed class ModelServer implements AutoCloseable
    permits LlamaServer, LlamaSwap, LmStudio, LocalAi {
  private static final Logger LOG = LoggerFactory.getLogger(ModelServer.class);
  private static final long POLL_MILLIS = 50;

  final ServerCalls calls;
  final ServerSettings settings;

  ModelServer(ServerCalls calls, ServerSettings settings) {
    this.calls = calls;
    this.settings = settings;
  }

  /** What the server holds, or is about to hold. */
  abstract List<ResidentModel> list(@Nullable CancellationToken token);

  /** Asks the server to let go of a model; whether it has is seen in the list. */
  abstract void sendUnload(String model);

  /** The request that {@link #list} makes. */
  abstract ApiRequest listing();

  /**
   * Where the server is.
   *
   * @return its base address
   */
  public final URI address() {
    return calls.address();
  }

  /**
   * What the server holds now, models that are still loading or leaving included where it shows
   * them.
   *
   * @return workers and always-resident models
   */
  public final List<ResidentModel> residents() {
    return list(null);
  }

  /**
   * Tells a scheduler what is resident, and lets it evict.
   *
   * @return the probe; a server that cannot be asked is {@link Residency.Unknown}
   */
  public final ResidencyProbe residencyProbe() {
    return new Probe(Optional.of(evictor()));
  }

  /**
   * Tells a scheduler what is resident and leaves swapping to the server: the scheduler orders, and
   * the server unloads one model for another by itself. The memory forecast then counts no model as
   * given back, so a gate on memory wants room for both.
   *
   * @return a probe without an evictor
   */
  public final ResidencyProbe orderingProbe() {
    return new Probe(Optional.empty());
  }

  /**
   * Unloads a model as {@link #unload} does.
   *
   * @return the evictor
   */
  public final Evictor evictor() {
    return resident -> unload(Arguments.notNull(resident, "resident").model());
  }

  /**
   * Forecasts what a task will take from what the builder was told of its model, else from the
   * model's name; a resident model takes nothing more.
   *
   * @return the predictor; unknown for a model that was not declared and whose name or context does
   *     not tell enough
   */
  public final WorkingSetPredictor workingSetPredictor() {
    return new DeclaredMemory(settings);
  }

  /**
   * Unloads a model and returns when the server no longer shows it. One that is not loaded is no
   * error.
   *
   * @param model its name
   * @throws ModelServerException.StillLoaded when it is still there after {@link
   *     ServerTimeouts#evict}, or when it cannot be seen whether it is
   * @throws IllegalArgumentException when the name is blank
   */
  public final void unload(String model) {
    Arguments.notBlank(model, "model");
    long deadline = System.nanoTime() + settings.timeouts().evict().toNanos();
    ModelServerException refusal = null;
    try {
      sendUnload(model);
    } catch (ModelServerException.Cancelled stopped) {
      throw stopped;
    } catch (ModelServerException e) {
      refusal = e; // no error where the model is gone
    }
    while (true) {
      ModelServerException unseen = null;
      try {
        if (find(model, null).isEmpty()) {
          return;
        }
      } catch (ModelServerException.Cancelled stopped) {
        throw stopped;
      } catch (ModelServerException e) {
        unseen = e; // unknown is not gone
      }
      if (refusal != null && unseen == null) {
        throw refusal;
      }
      if (System.nanoTime() - deadline >= 0) {
        throw new ModelServerException.StillLoaded(
            model + " did not leave memory within " + settings.timeouts().evict(),
            atListing(),
            unseen);
      }
      pause();
    }
  }

  final Optional<ResidentModel> find(String model, @Nullable CancellationToken token) {
    return list(token).stream().filter(resident -> resident.model().equals(model)).findFirst();
  }

  /**
   * A load whose answer comes when it is done. It is waited for even when the caller is told to
   * stop: what it loaded is then unloaded again.
   */
  final void loadBlocking(ApiRequest load, String model, @Nullable CancellationToken token) {
    try {
      ToTheEnd.run(() -> calls.send(load, settings.timeouts().load(), null));
    } catch (ModelServerException.ServerError e) {
      throw new ModelServerException.LoadFailed(
          model + " could not be loaded", new Where(load.endpoint(), 0, ""), e);
    } catch (ModelServerException.TimedOut | ModelServerException.StreamBroken unknown) {
      discard(model, unknown);
      throw unknown;
    }
    boolean cancelled = token != null && token.isCancelled();
    if (cancelled || Thread.currentThread().isInterrupted()) {
      ModelServerException stopped =
          new ModelServerException.Cancelled(
              "The load was cancelled", new Where(load.endpoint(), 200, ""), null);
      discard(model, stopped);
      throw stopped;
    }
    if (find(model, token).isEmpty()) {
      throw new ModelServerException.LoadFailed(
          model + " was loaded, and left at once", atListing(), null);
    }
  }

  /** Unloads what a given-up load may have left, so that the server's state is known. */
  final void discard(String model, ModelServerException why) {
    try {
      ToTheEnd.run(() -> unload(model));
    } catch (RuntimeException e) {
      why.addSuppressed(e);
      LOG.warn("The load of {} was given up, and it cannot be unloaded: {}", model, e.toString());
    }
  }

  final void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ModelServerException.Cancelled(
          "The calling thread was interrupted", atListing(), e);
    }
  }

  final Where atListing() {
    return new Where(listing().endpoint(), 0, "");
  }

  /**
   * Cancels the calls that run, and ends threads and connections. A shared HTTP client stays open;
   * models stay as they are.
   */
  @Override
  public final void close() {
    calls.close();
  }

  private final class Probe implements ResidencyProbe {
    private final Optional<Evictor> evictor;

    private Probe(Optional<Evictor> evictor) {
      this.evictor = evictor;
    }

    @Override
    public Residency observe() {
      try {
        return Residency.of(residents());
      } catch (ModelServerException e) {
        return Residency.unknown(String.valueOf(e.getMessage()));
      }
    }

    @Override
    public Optional<Evictor> evictor() {
      return evictor;
    }
  }
}

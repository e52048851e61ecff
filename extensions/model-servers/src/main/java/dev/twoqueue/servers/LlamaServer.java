package dev.twoqueue.servers;

import dev.twoqueue.CancellationToken;
import dev.twoqueue.ResidentModel;
import dev.twoqueue.ollama.internal.http.ApiRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * llama-server of llama.cpp, as a router or with its one model: residency from {@code GET /models},
 * and as a router loads and evictions through {@code POST /models/load} and {@code /models/unload},
 * both of which answer before anything has happened. Only these are asked: on a router any request
 * that names a model in its query loads that model. Tasks name a model by its id, not by an alias.
 *
 * <p>Sizes are those of the weights. Beside them stand the cache, the buffers and the prompt cache
 * on the host ({@code --cache-ram}, 8 GiB at most by default): see {@link
 * ModelServerBuilder#modelBytes}.
 *
 * <p>As a router, let it swap, with {@link #orderingProbe}, or the scheduler, with {@link
 * #residencyProbe}. The model of a server without a router cannot leave, so it counts as
 * always-resident.
 */
public final class LlamaServer extends ModelServer {
  private static final int DEFAULT_PORT = 8080;
  private static final ApiRequest MODELS = ApiRequest.get("models");

  LlamaServer(ServerCalls calls, ServerSettings settings) {
    super(calls, settings);
  }

  /**
   * A client for a server.
   *
   * @param address as for {@link ModelServerBuilder#address}
   * @return the client, not connected yet
   * @throws IllegalArgumentException when it is no address
   */
  public static LlamaServer connect(String address) {
    return builder().address(address).build();
  }

  /**
   * Begins a client.
   *
   * @return a builder with the defaults; port 8080 on this machine
   */
  public static ModelServerBuilder<LlamaServer> builder() {
    return new ModelServerBuilder<>(DEFAULT_PORT, LlamaServer::new);
  }

  /**
   * Loads a model on a router and returns when it is loaded. A load that is cancelled, or takes
   * longer than {@link ServerTimeouts#load}, is undone, unless the model was loading already.
   *
   * @param model its id
   * @param token for example {@code TaskContext.cancellation()}
   * @throws ModelServerException.LoadFailed when it cannot be loaded; the reason is in the server's
   *     log alone
   * @throws IllegalArgumentException when the id is blank
   */
  public void load(String model, CancellationToken token) {
    Arguments.notBlank(model, "model");
    Arguments.notNull(token, "token");
    long deadline = System.nanoTime() + settings.timeouts().load().toNanos();
    LlamaModel before = onRouter(model, token);
    if (before.state() == LlamaModel.State.LOADED) {
      return;
    }
    if (before.state() == LlamaModel.State.DOWNLOADING) {
      throw new ModelServerException.ServerBusy(model + " is still being downloaded", atListing());
    }
    if (before.state() == LlamaModel.State.SLEEPING) {
      endSleep(model, deadline, token);
    }
    boolean others = before.state() == LlamaModel.State.LOADING;
    try {
      if (!others) {
        calls.send(
            ServerCalls.post("models/load", "model", model), settings.timeouts().quick(), token);
      }
      awaitLoaded(model, deadline, token);
    } catch (ModelServerException.LoadFailed gone) {
      throw gone;
    } catch (ModelServerException e) {
      if (!others) {
        discard(model, e);
      }
      throw e;
    }
  }

  /** A model that sleeps would wake for a request alone. */
  private void endSleep(String model, long deadline, CancellationToken token) {
    sendUnload(model);
    while (onRouter(model, token).state() == LlamaModel.State.SLEEPING) {
      pauseUntil(deadline, model + " sleeps and was not unloaded");
    }
  }

  private void awaitLoaded(String model, long deadline, CancellationToken token) {
    while (true) {
      LlamaModel now = onRouter(model, token);
      if (now.state() == LlamaModel.State.LOADED) {
        return;
      }
      if (now.state() == LlamaModel.State.UNLOADED) {
        throw new ModelServerException.LoadFailed(
            model
                + (now.exitCode().isPresent()
                    ? " could not be loaded, its process ended with code "
                        + now.exitCode().getAsLong()
                        + ": see the server's log"
                    : " left again while it was loading"),
            atListing(),
            null);
      }
      pauseUntil(deadline, model + " was not loaded");
    }
  }

  private void pauseUntil(long deadline, String what) {
    if (System.nanoTime() - deadline >= 0) {
      throw new ModelServerException.TimedOut(
          what + " within " + settings.timeouts().load(), atListing());
    }
    pause();
  }

  /** A model as the router shows it; one without a router has no states to show. */
  private LlamaModel onRouter(String model, @Nullable CancellationToken token) {
    LlamaModel found =
        models(token).stream()
            .filter(shown -> shown.id().equals(model))
            .findFirst()
            .orElseThrow(
                () ->
                    new ModelServerException.ModelNotFound("No such model: " + model, atListing()));
    if (found.state() == LlamaModel.State.ONLY_ONE) {
      throw new ModelServerException.Unsupported(
          "This llama-server is no router: it keeps " + model + " for as long as it runs",
          atListing());
    }
    return found;
  }

  private List<LlamaModel> models(@Nullable CancellationToken token) {
    return calls.ask(MODELS, LlamaModel::readAll, token);
  }

  @Override
  ApiRequest listing() {
    return MODELS;
  }

  @Override
  List<ResidentModel> list(@Nullable CancellationToken token) {
    return models(token).stream().filter(LlamaModel::holdsMemory).map(this::resident).toList();
  }

  private ResidentModel resident(LlamaModel model) {
    return new ResidentModel(
        model.id(),
        Map.of(),
        settings.bytes(model.id(), model.bytes()),
        model.state() == LlamaModel.State.ONLY_ONE
            ? ResidentModel.Role.ALWAYS_RESIDENT
            : settings.role(model.id()),
        Optional.empty());
  }

  @Override
  void sendUnload(String model) {
    if (onRouter(model, null).state() == LlamaModel.State.DOWNLOADING) {
      return; // to a router an unload would mean: give the download up
    }
    calls.send(
        ServerCalls.post("models/unload", "model", model), settings.timeouts().evict(), null);
  }
}

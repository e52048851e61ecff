package dev.twoqueue.ollama;

import dev.twoqueue.Evictor;
import dev.twoqueue.ResidentModel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Unloads explicitly and believes only what {@code /api/ps} shows: the answer to an unload comes at
 * once, also when the model is busy or still loading. The unload is sent once, since a request that
 * meets the server's own eviction of the same model can block it for good.
 */
final class OllamaEvictor implements Evictor {
  /** Small models leave within milliseconds, and each look costs the server next to nothing. */
  private static final long FIRST_POLL_MILLIS = 5;

  private static final long LAST_POLL_MILLIS = 20;

  private final OllamaClient client;
  private final Duration limit;

  OllamaEvictor(OllamaClient client, Duration limit) {
    this.client = client;
    this.limit = limit;
  }

  @Override
  public void evict(ResidentModel resident) throws EvictionFailedException, InterruptedException {
    String name = Arguments.notNull(resident, "resident").model();
    // No pin is renewed meanwhile: a request with a keep_alive would keep the model, or load it.
    PinGate.Pass pass = client.workers().mayLoad("POST /api/generate");
    try {
      client.residency().changed();
      long begin = System.nanoTime();
      unload(name, begin + limit.toNanos());
      client.workers().costs().evicted(System.nanoTime() - begin);
    } finally {
      pass.end();
    }
  }

  private void unload(String name, long deadline)
      throws EvictionFailedException, InterruptedException {
    try {
      client.unload(name);
    } catch (OllamaException.ModelNotFound deleted) {
      Optional<RunningModel> zombie = find(name);
      if (zombie.isEmpty()) {
        return;
      }
      unloadByAnotherName(name, zombie.get(), deleted);
    }
    awaitGone(name, deadline);
  }

  private void awaitGone(String name, long deadline)
      throws EvictionFailedException, InterruptedException {
    OllamaException lastFailure = null;
    long poll = FIRST_POLL_MILLIS;
    while (true) {
      try {
        if (find(name).isEmpty()) {
          return;
        }
      } catch (OllamaException.Cancelled stopped) {
        throw stopped;
      } catch (OllamaException e) {
        lastFailure = e; // unknown is not gone: look again until the deadline
      }
      if (System.nanoTime() - deadline >= 0) {
        throw stillThere(name, lastFailure);
      }
      TimeUnit.MILLISECONDS.sleep(poll);
      poll = Math.min(2 * poll, LAST_POLL_MILLIS);
    }
  }

  private EvictionFailedException stillThere(String name, @Nullable OllamaException failure) {
    return new EvictionFailedException(
        name + " did not leave memory within " + limit + ": it answers, or it was still loading",
        failure);
  }

  /** A model that was deleted while it was loaded still answers to the name of a copy. */
  private void unloadByAnotherName(String name, RunningModel zombie, OllamaException deleted)
      throws EvictionFailedException {
    Optional<InstalledModel> copy;
    try {
      copy =
          client.tags().stream()
              .filter(it -> !it.digest().isEmpty() && it.digest().equals(zombie.digest()))
              .findFirst();
    } catch (OllamaException.Cancelled stopped) {
      throw stopped;
    } catch (OllamaException cannotBeSeen) {
      copy = Optional.empty();
    }
    client.unload(copy.orElseThrow(() -> cannotLeave(name, zombie, deleted)).name());
  }

  private static EvictionFailedException cannotLeave(
      String name, RunningModel zombie, OllamaException deleted) {
    String leaves =
        zombie.isPinned()
            ? "it is pinned and stays until the server is restarted"
            : "it leaves by itself at "
                + zombie.expiresAt().map(Object::toString).orElse("an unknown time");
    return new EvictionFailedException(
        name
            + " was deleted while it was loaded and cannot be unloaded by its name any more; "
            + leaves
            + ", or when a model is created under that name again and unloaded",
        deleted);
  }

  private Optional<RunningModel> find(String name) {
    return Lookups.find(client.ps(), name);
  }
}

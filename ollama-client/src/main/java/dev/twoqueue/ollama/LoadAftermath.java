package dev.twoqueue.ollama;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a load that was given up left behind. The server aborts a load when its client goes away,
 * but the load may have ended a moment before, and older servers list it while they abort it. So
 * the model is unloaded and seen to be gone, and the task's slot is free when that is known.
 */
final class LoadAftermath {
  private static final Logger LOG = LoggerFactory.getLogger(LoadAftermath.class);
  private static final long LOOK_AGAIN_MILLIS = 50;

  /** One look may fall between the end of a load and its listing. */
  private static final int LOOKS_THAT_CONVINCE = 2;

  private final OllamaApi api;
  private final ModelName name;
  private final Duration limit;
  private boolean unloadSent;

  /**
   * The aftermath of one load.
   *
   * @param api not bound to the token that may have ended the load
   */
  LoadAftermath(OllamaApi api, ModelName name, Duration limit) {
    this.api = api;
    this.name = name;
    this.limit = limit;
  }

  /** Returns when the model is seen to be gone, or the limit is reached, which is logged. */
  void settle() {
    boolean interrupted = Thread.interrupted(); // what ended the load; it is not to end this
    try {
      if (!gone()) {
        LOG.warn("The load of {} was given up; after {} it is unknown what is left", name, limit);
      }
    } catch (InterruptedException again) {
      interrupted = true;
      warnUnknown();
    } catch (OllamaException.Cancelled | IllegalStateException stopped) {
      warnUnknown(); // the client is closed, or an interrupted call has set the flag again itself
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void warnUnknown() {
    LOG.warn("The load of {} was given up; it is unknown what is left of it", name);
  }

  private boolean gone() throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    int absent = 0;
    while (System.nanoTime() - deadline < 0) {
      absent = look() ? 0 : absent + 1;
      if (absent == LOOKS_THAT_CONVINCE) {
        return true;
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MILLIS);
    }
    return false;
  }

  /** Whether the model is there, or may be. */
  private boolean look() {
    try {
      boolean listed = Lookups.find(api.ps(), name.toString()).isPresent();
      if (listed && !unloadSent) {
        api.unload(name.toString());
        unloadSent = true;
      }
      return listed;
    } catch (OllamaException.Unreachable down) {
      return false; // no server holds no model
    } catch (OllamaException.Cancelled stopped) {
      throw stopped;
    } catch (OllamaException e) {
      return true;
    }
  }
}

package dev.twoqueue.ollama;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What ready-made tasks asked of which model last: to unpin it, and to know a clamped context. */
final class WorkerRequests {
  private static final Logger LOG = LoggerFactory.getLogger(WorkerRequests.class);
  private static final int MOST = 256;

  private record Asked(ModelOptions options, boolean pinned) {}

  private final Map<String, Asked> byModel =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Asked> eldest) {
          return size() > MOST;
        }
      };

  synchronized void asked(String model, ModelOptions options, KeepAlive keepAlive) {
    byModel.put(ModelName.parse(model).toString(), new Asked(options, keepAlive.seconds() < 0));
  }

  synchronized OptionalInt context(String normalName) {
    Asked asked = byModel.get(normalName);
    return asked == null ? OptionalInt.empty() : asked.options().numCtx();
  }

  private synchronized Map<String, Asked> takePinned() {
    Map<String, Asked> pinned = new LinkedHashMap<>(byModel);
    pinned.values().removeIf(asked -> !asked.pinned());
    byModel.clear();
    return pinned;
  }

  /**
   * Lets go of what is still pinned. The request repeats the options that the model runs with;
   * where they may differ from what runs, an unload is sent, since that can never cause a load.
   */
  void unpin(OllamaApi api, Duration linger) {
    Map<String, Asked> pinned = takePinned();
    if (pinned.isEmpty()) {
      return;
    }
    List<RunningModel> running;
    try {
      running = api.ps();
    } catch (OllamaException e) {
      LOG.warn("Cannot see which of the pinned models {} to let go", pinned.keySet(), e);
      return;
    }
    for (RunningModel model : running) {
      Asked asked = pinned.get(OllamaResidency.normalName(model.name()));
      if (asked != null && model.isPinned()) {
        unpin(api, model, asked.options(), linger);
      }
    }
  }

  private static void unpin(
      OllamaApi api, RunningModel model, ModelOptions options, Duration linger) {
    boolean same =
        options.numCtx().isPresent()
            && model.contextLength().orElse(0) == options.numCtx().getAsInt();
    try {
      if (same && !linger.isZero()) {
        api.load(model.name(), options, KeepAlive.of(linger));
        LOG.info("Unpinned {}: it leaves in {}", model.name(), linger);
      } else {
        api.unload(model.name());
        LOG.info("Unloaded {}, which was pinned", model.name());
      }
    } catch (OllamaException e) {
      LOG.warn("Cannot unpin {}: it stays until it is unloaded", model.name(), e);
    }
  }
}

package dev.twoqueue.ollama.calibration;

import dev.twoqueue.ResidencyKey;
import dev.twoqueue.WorkingSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The corrections that are known, by model, setting and weights; kept in a file where told to. */
final class Corrections {
  private static final Logger LOG = LoggerFactory.getLogger(Corrections.class);

  /** The least recently corrected one goes. */
  static final int MOST = 256;

  private final @Nullable CorrectionFile file;
  private final @Nullable Path path;
  private final Map<String, Correction> known = new LinkedHashMap<>();

  private Corrections(@Nullable Path path) {
    this.path = path;
    this.file = path == null ? null : new CorrectionFile(path);
  }

  static Corrections inMemory() {
    return new Corrections(null);
  }

  static Corrections in(Path path) {
    Corrections corrections = new Corrections(path);
    corrections.load();
    return corrections;
  }

  private void load() {
    if (file == null) {
      return;
    }
    try {
      file.read().forEach(this::put);
    } catch (IOException e) {
      LOG.warn(
          "The calibration of memory forecasts in {} is not used, and will be replaced: {}",
          path,
          e.getMessage());
    }
  }

  synchronized WorkingSet.Known correct(ResidencyKey key, WorkingSet.Known formula) {
    return known.getOrDefault(name(key, formula), Correction.NONE).of(formula);
  }

  synchronized void add(ResidencyKey key, WorkingSet.Known formula, Sample sample) {
    String name = name(key, formula);
    Correction before = known.remove(name);
    put(name, (before == null ? Correction.NONE : before).plus(sample));
    if (file == null) {
      return;
    }
    try {
      file.write(known);
    } catch (IOException | RuntimeException e) {
      LOG.warn("The calibration of memory forecasts cannot be kept in {}", path, e);
    }
  }

  private void put(String name, Correction correction) {
    known.put(name, correction);
    if (known.size() > MOST) {
      known.remove(known.keySet().iterator().next());
    }
  }

  /** With the weights: a name that is pulled anew may stand for another model. */
  private static String name(ResidencyKey key, WorkingSet.Known formula) {
    return key + " weights=" + Weights.bytes(formula);
  }
}

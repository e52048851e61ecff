package dev.twoqueue.ollama;

import dev.twoqueue.Evictor;
import dev.twoqueue.Residency;
import dev.twoqueue.ResidencyKey;
import dev.twoqueue.ResidencyProbe;
import dev.twoqueue.ResidentModel;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What {@code /api/ps} shows, in the scheduler's words.
 *
 * <p>The server shows a model under the name that was loaded first. A task may know the same model
 * by another name, which its digest tells: such a model is given once under each name that a task
 * used, with its size at the first.
 */
final class OllamaResidency implements ResidencyProbe {
  private static final Logger LOG = LoggerFactory.getLogger(OllamaResidency.class);
  private static final int MOST_ASKED = 256;

  /** How long names are believed to have no resident model's weights: at worst a swap too many. */
  private static final Duration TAGS_KEPT = Duration.ofMinutes(1);

  /** From the look before a start to the body's first request. */
  private static final Duration JUST_NOW = Duration.ofSeconds(1);

  private final OllamaClient client;
  private final ModelCatalogue catalogue;
  private final WorkerRequests requests;

  /** The names that tasks used last, in normal form. */
  private final Set<String> asked = Collections.newSetFromMap(new Recent<>(MOST_ASKED));

  /** The names of the models that stay beside the worker, in normal form. */
  private final Set<String> beside = ConcurrentHashMap.newKeySet();

  private volatile @Nullable Look lastLook;
  private volatile @Nullable Tags lastTags;

  private record Look(List<RunningModel> running, long nanos) {}

  /** Names in normal form with their digests, where they have one. */
  private record Tags(Map<String, String> digests, long nanos) {}

  OllamaResidency(
      OllamaClient client,
      ClientSettings settings,
      ModelCatalogue catalogue,
      WorkerRequests requests) {
    this.client = client;
    this.catalogue = catalogue;
    this.requests = requests;
    settings.alwaysResident().forEach(this::staysBeside);
  }

  /** A model that is served outside the queue is no worker, whatever it can do. */
  void staysBeside(ModelName model) {
    beside.add(model.toString());
  }

  @Override
  public Residency observe() {
    List<RunningModel> running;
    try {
      long begin = System.nanoTime();
      running = client.ps();
      lastLook = new Look(running, begin);
    } catch (OllamaException e) {
      return Residency.unknown(String.valueOf(e.getMessage()));
    }
    Map<String, List<String>> otherNames = otherNames(running);
    List<ResidentModel> seen = new ArrayList<>();
    for (RunningModel model : running) {
      seen.addAll(resident(model, otherNames.getOrDefault(model.digest(), List.of())));
    }
    return Residency.of(seen);
  }

  @Override
  public ResidencyKey normalise(ResidencyKey key) {
    String name = normalName(key.model());
    synchronized (asked) {
      asked.add(name);
    }
    return new ResidencyKey(name, key.runnerOptions());
  }

  @Override
  public Optional<Evictor> evictor() {
    return Optional.of(client.evictor());
  }

  /** The medians of {@link OllamaClient#swapCosts}. */
  @Override
  public Map<String, Duration> swapTimes() {
    Map<String, Duration> times = new HashMap<>();
    client.swapCosts().forEach((model, cost) -> times.put(model, cost.median()));
    return times;
  }

  @Override
  public List<String> warnings() {
    return client.bypassWarning().stream().toList();
  }

  /** The normal form; a name that Ollama would not take is only lower-cased. */
  static String normalName(String name) {
    try {
      return ModelName.parse(name).toString();
    } catch (IllegalArgumentException foreign) {
      return name.toLowerCase(Locale.ROOT);
    }
  }

  /** Whether the look that was just made shows the model, and that it stays. */
  boolean sawPinned(ModelName name) {
    Look look = lastLook;
    return look != null
        && isYoung(look.nanos(), JUST_NOW)
        && Lookups.find(look.running(), name.toString()).filter(RunningModel::isPinned).isPresent();
  }

  /** Something was unloaded: the last look is out of date. */
  void changed() {
    lastLook = null;
  }

  private static boolean isYoung(long nanos, Duration age) {
    return System.nanoTime() - nanos < age.toNanos();
  }

  /**
   * By digest, the names in use that no resident model has. A match is read anew each time: a name
   * may get another model at any moment, and a wrong one would pass for a model that needs no load.
   */
  private Map<String, List<String>> otherNames(List<RunningModel> running) {
    Set<String> names = new LinkedHashSet<>(beside);
    synchronized (asked) {
      names.addAll(asked);
    }
    running.forEach(model -> names.remove(normalName(model.name())));
    if (running.isEmpty() || names.isEmpty() || noneMatches(names, running)) {
      return Map.of();
    }
    try {
      Map<String, String> digests = readTags();
      Map<String, List<String>> byDigest = new HashMap<>();
      for (String name : names) {
        String digest = digests.getOrDefault(name, "");
        if (!digest.isEmpty()) {
          byDigest.computeIfAbsent(digest, any -> new ArrayList<>()).add(name);
        }
      }
      return byDigest;
    } catch (OllamaException.Cancelled stopped) {
      throw stopped;
    } catch (OllamaException e) { // names alone then decide: a swap too many, never one too few
      LOG.debug("Cannot see which names the resident models have", e);
      return Map.of();
    }
  }

  private boolean noneMatches(Set<String> names, List<RunningModel> running) {
    Tags known = lastTags;
    return known != null
        && isYoung(known.nanos(), TAGS_KEPT)
        && known.digests().keySet().containsAll(names)
        && running.stream()
            .noneMatch(
                model ->
                    names.stream()
                        .anyMatch(name -> model.digest().equals(known.digests().get(name))));
  }

  private Map<String, String> readTags() {
    long begin = System.nanoTime();
    Map<String, String> digests = new LinkedHashMap<>();
    for (InstalledModel model : client.tags()) {
      digests.put(normalName(model.name()), model.digest());
    }
    lastTags = new Tags(digests, begin);
    return digests;
  }

  private List<ResidentModel> resident(RunningModel model, List<String> otherNames) {
    List<String> names = new ArrayList<>();
    names.add(normalName(model.name()));
    names.addAll(otherNames);
    Optional<Instant> expires = model.isPinned() ? Optional.empty() : model.expiresAt();
    if (staysBeside(model, names)) {
      return List.of(
          new ResidentModel(
              names.get(0),
              context(model.contextLength().orElse(0)),
              model.sizeBytes(),
              ResidentModel.Role.ALWAYS_RESIDENT,
              expires));
    }
    Map<String, String> options = context(contextOf(model, names));
    List<ResidentModel> entries = new ArrayList<>();
    for (String name : names) {
      entries.add(
          new ResidentModel(
              name,
              options,
              entries.isEmpty() ? model.sizeBytes() : 0,
              ResidentModel.Role.WORKER,
              expires));
    }
    return entries;
  }

  private static Map<String, String> context(long tokens) {
    return tokens == 0 ? Map.of() : Map.of(ModelOptions.NUM_CTX, Long.toString(tokens));
  }

  /**
   * The server cuts a context down to what the model was made for, but compares the next request's
   * with the one that was asked for. So where our own last request asked for more than the model
   * can have, what it asked for is what it runs with.
   */
  private long contextOf(RunningModel model, List<String> names) {
    long shown = model.contextLength().orElse(0);
    for (String name : names) {
      OptionalInt wanted = requests.context(name);
      if (shown > 0 && wanted.isPresent() && wanted.getAsInt() > shown) {
        boolean cut =
            catalogue.traits(model).filter(traits -> traits.trainedContext() == shown).isPresent();
        return cut ? wanted.getAsInt() : shown;
      }
    }
    return shown;
  }

  /** A model that can only embed cannot be what a local job needs as its worker. */
  private boolean staysBeside(RunningModel model, List<String> names) {
    return names.stream().anyMatch(beside::contains)
        || model.family().toLowerCase(Locale.ROOT).contains("bert")
        || catalogue.traits(model).filter(ModelCatalogue.Traits::onlyEmbeds).isPresent();
  }
}

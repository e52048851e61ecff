package dev.twoqueue.internal.engine.explore;

import dev.twoqueue.Lease;
import dev.twoqueue.Residency;
import dev.twoqueue.ResidencyKey;
import dev.twoqueue.ResidentModel;
import dev.twoqueue.internal.engine.Job;
import java.lang.reflect.Array;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A world's state as 128 bits, the same for states that differ only in names: jobs are renamed by
 * their rank, questions by the order in which they are open, models (where these are alike) by
 * first encounter; times are relative to now. Follows every field of every class of the engine and
 * of the world, but for those that {@link Fields} names.
 *
 * <p>With n states, two that differ get one hash with a probability of about n² / 2¹²⁸: for ten
 * million 3e-25, if the mixing is as good as chance.
 */
final class Canonical {
  private static final int REFERENCE = 7;
  private static final int GONE = -3;

  private final IdentityHashMap<Object, Integer> seen = new IdentityHashMap<>();
  private final IdentityHashMap<Object, Integer> ranks = new IdentityHashMap<>();
  private final List<ExploredJob> live = new ArrayList<>();
  private final List<Long> tokens = new ArrayList<>();
  private final int[] modelNumbers = new int[Answer.MODELS.size()];
  private final WorldSpec spec;
  private final boolean symmetric;
  private int models;
  private long now;
  private long high;
  private long low;

  Canonical(WorldSpec spec) {
    this.spec = spec;
    this.symmetric = spec.isSymmetric();
  }

  /** The first 64 bits of the state that was written last. */
  long high() {
    return high;
  }

  /** The other 64 bits. */
  long low() {
    return low;
  }

  /** Reads a world. */
  Canonical of(World world) {
    seen.clear();
    ranks.clear();
    live.clear();
    tokens.clear();
    Arrays.fill(modelNumbers, -1);
    models = 0;
    now = world.now;
    high = 0x243F6A8885A308D3L;
    low = 0x13198A2E03707344L;
    if (!symmetric) {
      Answer.MODELS.forEach(this::model);
    }
    for (ExploredJob job : world.witness.jobs) {
      if (job.isLive()) {
        ranks.put(job, live.size());
        live.add(job);
      }
    }
    world.witness.open.forEach(question -> tokens.add(question.token));
    if (world.answered != null) {
      tokens.add(world.answered.token);
    }
    try {
      add(live.size());
      for (ExploredJob job : live) {
        fields(job);
      }
      object(world);
    } catch (IllegalAccessException closed) {
      throw new IllegalStateException("the engine's fields cannot be read", closed);
    }
    toCome(world);
    return this;
  }

  private void add(long value) {
    high = (high + value) * 0x9E3779B97F4A7C15L;
    high ^= high >>> 32;
    low = Long.rotateLeft((low ^ value) * 0xC2B2AE3D27D4EB4FL, 29) + high;
    low ^= low >>> 31;
  }

  private void object(Object object) throws IllegalAccessException {
    Integer before = seen.putIfAbsent(object, seen.size());
    if (before != null) {
      add(REFERENCE);
      add(before);
      return;
    }
    fields(object);
  }

  private void fields(Object object) throws IllegalAccessException {
    Layout layout = Layout.of(object);
    add(layout.name);
    for (Layout.Slot slot : layout.slots) {
      if (!slot.counts(object)) {
        continue;
      }
      Class<?> type = slot.type;
      if (type == long.class) {
        number(slot.field.getLong(object), slot.meaning);
      } else if (type == int.class) {
        int value = slot.field.getInt(object);
        add(Math.min(value, Math.min(slot.atMost, atMost(slot))));
      } else if (type == boolean.class) {
        add(slot.field.getBoolean(object) ? 1 : 2);
      } else if (type.isArray()) {
        array(slot.field.get(object), layout, object, slot.meaning);
      } else {
        value(slot.field.get(object), slot.meaning);
      }
    }
  }

  private void array(Object array, Layout layout, Object owner, Fields.Meaning meaning)
      throws IllegalAccessException {
    int length = layout.lengthOf(owner, Array.getLength(array));
    add(length);
    for (int at = 0; at < length; at++) {
      value(Array.get(array, at), meaning);
    }
  }

  /** A row of starts that has reached the cap is not told from a longer one. */
  private int atMost(Layout.Slot slot) {
    return slot.field.getName().equals("rowLength") ? spec.cap : Integer.MAX_VALUE;
  }

  private void number(long value, Fields.Meaning meaning) {
    switch (meaning) {
      case TOKEN -> add(value == 0 ? 0 : tokens.indexOf(value) + 2L);
      case ID -> add(rankOf(value));
      case FUTURE -> add(isUnset(value) ? value : Math.max(now, value) - now + 1);
      case TIME -> add(isUnset(value) ? value : Math.max(now - spec.horizon(), value) - now + 1);
      default -> add(value);
    }
  }

  private static boolean isUnset(long time) {
    return time == 0 || time == World.NEVER;
  }

  private int rankOf(long id) {
    for (int rank = 0; rank < live.size(); rank++) {
      if (live.get(rank).id() == id) {
        return rank;
      }
    }
    return GONE;
  }

  private void value(@Nullable Object value, Fields.Meaning meaning) throws IllegalAccessException {
    if (value == null) {
      add(-1);
    } else if (value instanceof Job job) {
      add(ranks.getOrDefault(job, GONE));
    } else if (value instanceof Long number) {
      number(number, meaning);
    } else if (value instanceof Integer number) {
      add(number);
    } else if (value instanceof Enum<?> constant) {
      add(constant.name().hashCode());
    } else if (value instanceof String text) {
      add(text.length() == 2 ? model(text) : -4);
    } else if (value instanceof Kind kind) {
      kind(kind);
    } else if (value instanceof ResidencyKey key) {
      add(model(key.model()));
    } else if (value instanceof Residency residency) {
      residency(residency);
    } else if (value instanceof ResidentModel model) {
      add(model(model.model()));
    } else if (value instanceof Map<?, ?> map) {
      map(map, meaning);
    } else if (value instanceof Collection<?> collection) {
      collection(collection, meaning);
    } else if (value instanceof Throwable thrown) {
      add(thrown.getClass().getName().hashCode());
    } else if (value instanceof Duration duration) {
      add(duration.toNanos());
    } else if (value instanceof Optional<?> optional) {
      value(optional.orElse(null), meaning);
    } else if (Layout.isOurs(value.getClass())) {
      object(value);
    } else if (value == Lease.NONE) {
      add(-5);
    } else {
      throw new IllegalStateException("nobody said what a " + value.getClass() + " means");
    }
  }

  private void kind(Kind kind) {
    for (int at = 0; at < spec.kinds.size(); at++) {
      if (spec.kinds.get(at).isLike(kind)) {
        add(at);
        break;
      }
    }
  }

  private void residency(Residency residency) {
    if (residency instanceof Residency.Observed observed) {
      add(observed.workers().size());
      observed.workers().forEach(worker -> add(model(worker.model())));
    } else {
      add(-6);
    }
  }

  private int model(String name) {
    int at = Answer.MODELS.indexOf(name);
    if (at < 0) {
      return -7;
    }
    if (modelNumbers[at] < 0) {
      modelNumbers[at] = models++;
    }
    return modelNumbers[at];
  }

  private void map(Map<?, ?> map, Fields.Meaning meaning) throws IllegalAccessException {
    add(map.size());
    boolean ordered = !(map instanceof HashMap) || map instanceof LinkedHashMap;
    Collection<?> keys = ordered ? map.keySet() : sorted(map.keySet());
    for (Object key : keys) {
      value(key, meaning);
      value(map.get(key), meaning);
    }
  }

  private void collection(Collection<?> collection, Fields.Meaning meaning)
      throws IllegalAccessException {
    add(collection.size());
    boolean ordered = !(collection instanceof HashSet) || collection instanceof LinkedHashSet;
    for (Object each : ordered ? collection : sorted(collection)) {
      value(each, meaning);
    }
  }

  /** What has no order of its own, in one that does not depend on names. */
  private Collection<?> sorted(Collection<?> keys) {
    List<@Nullable Object> all = new ArrayList<>(keys);
    all.sort(Comparator.comparingLong(this::place));
    return all;
  }

  private long place(@Nullable Object key) {
    if (key instanceof ResidencyKey residency) {
      return model(residency.model());
    } else if (key instanceof String text) {
      return model(text);
    } else if (key instanceof Job job) {
      return ranks.getOrDefault(job, GONE);
    } else if (key instanceof Long number) {
      return number;
    } else if (key == null) {
      return -1;
    }
    throw new IllegalStateException("nobody said in which order " + key.getClass() + " comes");
  }

  /** The tasks that may still come, of each model; models that nobody has met yet are alike. */
  private void toCome(World world) {
    List<long[]> unmet = new ArrayList<>();
    long[][] met = new long[models][];
    for (int at = 0; at < Answer.MODELS.size(); at++) {
      long[] counts = counts(world, Answer.MODELS.get(at));
      if (modelNumbers[at] < 0) {
        unmet.add(counts);
      } else {
        met[modelNumbers[at]] = counts;
      }
    }
    unmet.sort(Arrays::compare);
    for (long[] counts : met) {
      Arrays.stream(counts).forEach(this::add);
    }
    unmet.forEach(counts -> Arrays.stream(counts).forEach(this::add));
    Arrays.stream(counts(world, "")).forEach(this::add);
  }

  private long[] counts(World world, String model) {
    long[] counts = new long[spec.kinds.size()];
    for (int at = 0; at < counts.length; at++) {
      Kind kind = spec.kinds.get(at);
      ResidencyKey key = kind.key();
      if ((key == null ? "" : key.model()).equals(model)) {
        for (int like = 0; like < counts.length; like++) {
          if (spec.kinds.get(like).isLike(kind)) {
            counts[like] += world.toCome[at];
            break;
          }
        }
      }
    }
    return counts;
  }
}

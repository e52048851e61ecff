package dev.twoqueue.internal.engine.explore;

import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Copies of worlds, field by field, so that a move is made from where it starts and not after all
 * that came before it. Engine and witness of a new world come from their constructors, so their
 * parts are filled in place; only jobs, and what comes and goes with these, is made anew.
 */
final class Copies {
  private final IdentityHashMap<Object, Object> twins = new IdentityHashMap<>();

  /** A world that goes its own way from here. */
  World of(World original) {
    twins.clear();
    World copy = original.anew();
    try {
      List<ExploredJob> jobs = original.witness.jobs;
      List<ExploredJob> copies = new ArrayList<>(jobs.size());
      for (ExploredJob job : jobs) { // numbers first: sorted sets ask for them
        ExploredJob twin = new ExploredJob(job.number, job.kind);
        twins.put(job, twin);
        copies.add(twin);
        Shape.of(job).numbers(job, twin);
      }
      fill(original, copy);
      for (int at = 0; at < copies.size(); at++) {
        references(jobs.get(at), copies.get(at));
      }
    } catch (ReflectiveOperationException closed) {
      throw new IllegalStateException("a part of the engine cannot be copied", closed);
    }
    return copy;
  }

  private void fill(Object from, Object to) throws ReflectiveOperationException {
    if (twins.putIfAbsent(from, to) == null) {
      Shape.of(from).numbers(from, to);
      references(from, to);
    }
  }

  private void references(Object from, Object to) throws ReflectiveOperationException {
    Shape shape = Shape.of(from);
    for (Field part : shape.parts) {
      inPlace(part.get(from), part.get(to));
    }
    for (Field field : shape.references) {
      field.set(to, copyOf(field.get(from)));
    }
  }

  /** What a final field refers to. */
  @SuppressWarnings("unchecked")
  private void inPlace(@Nullable Object from, @Nullable Object to)
      throws ReflectiveOperationException {
    if (from == null || to == null) {
      return;
    }
    if (from instanceof Collection<?> each) {
      addAll(each, (Collection<@Nullable Object>) to);
    } else if (from instanceof Map<?, ?> each) {
      putAll(each, (Map<@Nullable Object, @Nullable Object>) to);
    } else if (from instanceof int[] numbers) {
      System.arraycopy(numbers, 0, to, 0, numbers.length);
    } else if (Shape.of(from).isCopied) {
      fill(from, to);
    }
  }

  private void addAll(Collection<?> from, Collection<@Nullable Object> to)
      throws ReflectiveOperationException {
    to.clear();
    for (Object each : from) {
      to.add(copyOf(each));
    }
  }

  private void putAll(Map<?, ?> from, Map<@Nullable Object, @Nullable Object> to)
      throws ReflectiveOperationException {
    to.clear();
    for (Map.Entry<?, ?> each : from.entrySet()) {
      to.put(each.getKey(), copyOf(each.getValue()));
    }
  }

  private @Nullable Object copyOf(@Nullable Object value) throws ReflectiveOperationException {
    if (value == null) {
      return null;
    }
    if (Shape.of(value).isCopied) {
      Object twin = twins.get(value);
      return twin == null ? anew(value) : twin;
    } else if (value instanceof ArrayList<?> list) {
      List<@Nullable Object> copy = new ArrayList<>(list.size() + 1);
      addAll(list, copy);
      return copy;
    } else if (value instanceof SortedSet<?> set) {
      return sorted(set);
    } else if (value instanceof Object[] array) {
      Object[] copy = (Object[]) Array.newInstance(array.getClass().componentType(), array.length);
      for (int at = 0; at < copy.length; at++) {
        copy[at] = copyOf(array[at]);
      }
      return copy;
    } else if (value instanceof long[] array) {
      return array.clone();
    }
    return value;
  }

  @SuppressWarnings("unchecked")
  private Object sorted(SortedSet<?> set) throws ReflectiveOperationException {
    TreeSet<@Nullable Object> copy = new TreeSet<>((Comparator<Object>) set.comparator());
    addAll(set, copy);
    return copy;
  }

  /** What has no place in a new world: it came with a job, and goes with it. */
  private Object anew(Object value) throws ReflectiveOperationException {
    Object copy;
    if (value instanceof Question asked) {
      copy = new Question(asked.ask, twin(asked.job), asked.token, asked.confirms, asked.asked);
    } else if (value instanceof Grant grant) {
      copy = new Grant(twin(grant.job), grant.permit);
    } else if (value.getClass().getSimpleName().equals("Line")) {
      Constructor<?> line = value.getClass().getDeclaredConstructors()[0];
      line.setAccessible(true);
      Field key = value.getClass().getDeclaredField("key");
      key.setAccessible(true);
      copy = line.newInstance(key.get(value));
    } else {
      throw new IllegalStateException("nobody said how to copy a " + value.getClass());
    }
    fill(value, copy);
    return copy;
  }

  private @Nullable ExploredJob twin(@Nullable ExploredJob job) {
    return (ExploredJob) twins.get(job);
  }
}

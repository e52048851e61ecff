package dev.twoqueue.internal.engine.explore;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;

/** The fields of a class, by how {@link Copies} copies them. */
final class Shape {
  private static final ClassValue<Shape> ALL =
      new ClassValue<>() {
        @Override
        protected Shape computeValue(Class<?> type) {
          return new Shape(type);
        }
      };

  /** Whether each world has its own; what is never changed is shared. */
  final boolean isCopied;

  /** Set by constructors, and filled in place. */
  final List<Field> parts = new ArrayList<>();

  final List<Field> references = new ArrayList<>();
  private final List<Field> longs = new ArrayList<>();
  private final List<Field> ints = new ArrayList<>();
  private final List<Field> booleans = new ArrayList<>();

  static Shape of(Object object) {
    return ALL.get(object.getClass());
  }

  private Shape(Class<?> type) {
    boolean isValue = type.isRecord() || type.isEnum() || Throwable.class.isAssignableFrom(type);
    isCopied = Layout.isOurs(type) && !isValue && !type.isHidden() && type != WorldSpec.class;
    for (Class<?> at = type; isCopied && at != null; at = at.getSuperclass()) {
      for (Field field : at.getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers())) {
          field.setAccessible(true);
          add(field);
        }
      }
    }
  }

  private void add(Field field) {
    Class<?> type = field.getType();
    boolean isFinal = Modifier.isFinal(field.getModifiers());
    if (!type.isPrimitive()) {
      (isFinal ? parts : references).add(field);
    } else if (isFinal) {
      return; // the constructor had it
    } else if (type == long.class) {
      longs.add(field);
    } else if (type == int.class) {
      ints.add(field);
    } else if (type == boolean.class) {
      booleans.add(field);
    } else {
      throw new IllegalStateException("nobody said how to copy " + field);
    }
  }

  /** Copies the numbers and flags. */
  void numbers(Object from, Object to) throws IllegalAccessException {
    for (Field field : longs) {
      field.setLong(to, field.getLong(from));
    }
    for (Field field : ints) {
      field.setInt(to, field.getInt(from));
    }
    for (Field field : booleans) {
      field.setBoolean(to, field.getBoolean(from));
    }
  }
}

package dev.twoqueue.internal.engine.explore;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The fields of a class and of what it extends, as far as they are the engine's or the world's. */
final class Layout {
  static final String OURS = "dev.twoqueue.internal.engine";

  /** One field. */
  static final class Slot {
    final Field field;
    final Class<?> type;
    final Fields.Meaning meaning;
    final int atMost;
    private final @Nullable Field other;
    private final String isNot;
    private final String is;

    private Slot(Field field, @Nullable Field other, Fields.OnlyWhile rule) {
      this.field = field;
      this.type = field.getType();
      this.meaning = Fields.meaningOf(field);
      this.atMost = Fields.atMost(field);
      this.other = other;
      this.is = rule.is();
      this.isNot = rule.isNot();
    }

    boolean counts(Object owner) throws IllegalAccessException {
      if (other == null) {
        return true;
      }
      String value = String.valueOf(other.get(owner));
      return is.isEmpty() ? !value.equals(isNot) : value.equals(is);
    }
  }

  private static final ClassValue<Layout> ALL =
      new ClassValue<>() {
        @Override
        protected Layout computeValue(Class<?> type) {
          return new Layout(type);
        }
      };

  final List<Slot> slots = new ArrayList<>();
  final int name;
  private @Nullable Field size;

  static Layout of(Object object) {
    return ALL.get(object.getClass());
  }

  private Layout(Class<?> type) {
    name = type.getName().hashCode();
    for (Class<?> at = type; at != null && isOurs(at); at = at.getSuperclass()) {
      for (Field field : at.getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers())
            && Fields.meaningOf(field) != Fields.Meaning.SKIPPED) {
          field.setAccessible(true);
          slots.add(slot(at, field));
          boolean says = field.getName().equals("size") && field.getType() == int.class;
          size = says ? field : size;
        }
      }
    }
  }

  /** How far an array of this object's counts: what lies behind its size is left over. */
  int lengthOf(Object owner, int length) throws IllegalAccessException {
    Field says = size;
    return says == null ? length : Math.min(length, says.getInt(owner));
  }

  static boolean isOurs(Class<?> type) {
    return type.getName().startsWith(OURS);
  }

  private static Slot slot(Class<?> type, Field field) {
    Fields.OnlyWhile rule = Fields.onlyWhile(field);
    if (rule.field().isEmpty()) {
      return new Slot(field, null, rule);
    }
    try {
      Field other = type.getDeclaredField(rule.field());
      other.setAccessible(true);
      return new Slot(field, other, rule);
    } catch (NoSuchFieldException renamed) {
      throw new IllegalStateException("the rule for " + field + " is out of date", renamed);
    }
  }
}

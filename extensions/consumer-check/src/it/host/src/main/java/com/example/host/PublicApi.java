package com.example.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.ModuleReader;
import java.lang.reflect.Executable;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Looks at every type that the modules' public signatures name: a host that requires the modules
 * alone must be able to name it too. It stands in for javac's exports lint, which cannot be told
 * that the nullness annotations are to stay behind.
 */
final class PublicApi {
  private final Module host = PublicApi.class.getModule();
  private final Set<Type> seen = new HashSet<>();
  private final Set<String> hidden = new TreeSet<>();

  private PublicApi() {}

  /**
   * Reads the signatures of all modules of Two-Queue.
   *
   * @return what a host cannot name, with the class that names it; empty when all is well
   */
  static Set<String> typesThatHostsCannotName() {
    PublicApi api = new PublicApi();
    List<Class<?>> classes = publicClasses();
    if (classes.size() < 50) {
      throw new AssertionError("too few public classes were found to prove anything: " + classes);
    }
    classes.forEach(api::read);
    return api.hidden;
  }

  private static List<Class<?>> publicClasses() {
    return ModuleLayer.boot().modules().stream()
        .filter(module -> module.getName().startsWith("dev.twoqueue."))
        .flatMap(PublicApi::publicClasses)
        .toList();
  }

  private static Stream<Class<?>> publicClasses(Module module) {
    try (ModuleReader reader =
        module
            .getLayer()
            .configuration()
            .findModule(module.getName())
            .orElseThrow()
            .reference()
            .open()) {
      return reader.list().filter(name -> name.endsWith(".class")).toList().stream()
          .map(name -> name.substring(0, name.length() - ".class".length()).replace('/', '.'))
          .filter(name -> name.contains(".") && module.isExported(packageOf(name)))
          .<Class<?>>map(name -> Class.forName(module, name))
          .filter(PublicApi::isAccessible);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static String packageOf(String className) {
    return className.substring(0, className.lastIndexOf('.'));
  }

  private static boolean isAccessible(Class<?> type) {
    return isApi(type.getModifiers())
        && (type.getEnclosingClass() == null || isAccessible(type.getEnclosingClass()));
  }

  private static boolean isApi(int modifiers) {
    return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
  }

  private void read(Class<?> type) {
    look(type, type.getGenericSuperclass());
    look(type, type.getGenericInterfaces());
    look(type, type.getTypeParameters());
    Stream.concat(
            Arrays.stream(type.getDeclaredConstructors()), Arrays.stream(type.getDeclaredMethods()))
        .filter(member -> isApi(member.getModifiers()) && !member.isSynthetic())
        .forEach(member -> read(type, member));
    Arrays.stream(type.getDeclaredMethods())
        .filter(method -> isApi(method.getModifiers()) && !method.isSynthetic())
        .forEach(method -> look(type, method.getGenericReturnType()));
    Arrays.stream(type.getDeclaredFields())
        .filter(field -> isApi(field.getModifiers()))
        .forEach(field -> look(type, field.getGenericType()));
    if (type.isRecord()) {
      Arrays.stream(type.getRecordComponents())
          .map(RecordComponent::getGenericType)
          .forEach(component -> look(type, component));
    }
  }

  private void read(Class<?> type, Executable member) {
    look(type, member.getGenericParameterTypes());
    look(type, member.getGenericExceptionTypes());
    look(type, member.getTypeParameters());
  }

  private void look(Class<?> where, Type... types) {
    for (Type type : types) {
      if (type instanceof Class<?> raw) {
        lookAtClass(where, raw);
      } else if (type instanceof ParameterizedType generic) {
        look(where, generic.getRawType());
        look(where, generic.getActualTypeArguments());
      } else if (type instanceof WildcardType wildcard) {
        look(where, wildcard.getUpperBounds());
        look(where, wildcard.getLowerBounds());
      } else if (type instanceof GenericArrayType array) {
        look(where, array.getGenericComponentType());
      } else if (type instanceof TypeVariable<?> variable && seen.add(variable)) {
        look(where, variable.getBounds());
      }
    }
  }

  private void lookAtClass(Class<?> where, Class<?> type) {
    if (type.isArray()) {
      lookAtClass(where, type.getComponentType());
    } else if (!type.isPrimitive()
        && !(isAccessible(type)
            && host.canRead(type.getModule())
            && type.getModule().isExported(type.getPackageName(), host))) {
      hidden.add(type.getName() + ", named by " + where.getName());
    }
  }
}

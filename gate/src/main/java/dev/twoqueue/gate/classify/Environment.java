package dev.twoqueue.gate.classify;

import dev.twoqueue.gate.internal.shell.Word;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The variables that a command line sets.
 *
 * @param sure those that the command certainly gets; only they can make it lighter
 * @param possible all that are set somewhere; any of them can make it heavier
 */
record Environment(Map<String, Word> sure, Map<String, Word> possible) {
  static final Environment EMPTY = new Environment(Map.of(), Map.of());

  /** The variables of a process, all of them known. */
  static Environment of(Map<String, String> variables) {
    Map<String, Word> words = new TreeMap<>();
    variables.forEach((name, value) -> words.put(name, Word.of(value)));
    return new Environment(words, words);
  }

  Optional<Word> sure(String name) {
    return Optional.ofNullable(sure.get(name));
  }

  Stream<Word> possible(Predicate<String> name) {
    return possible.entrySet().stream()
        .filter(entry -> name.test(entry.getKey()))
        .map(Map.Entry::getValue);
  }

  Environment with(String name, Word value, boolean isSure) {
    Map<String, Word> certain = new TreeMap<>(sure);
    if (isSure) {
      certain.put(name, value);
    } else {
      certain.remove(name);
    }
    Map<String, Word> all = new TreeMap<>(possible);
    all.put(name, value);
    return new Environment(certain, all);
  }

  /** What a command gets that is started with an environment of its own, as by sudo. */
  Environment cleared() {
    return new Environment(Map.of(), possible);
  }
}

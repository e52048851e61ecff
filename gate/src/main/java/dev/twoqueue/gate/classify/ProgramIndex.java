package dev.twoqueue.gate.classify;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Finds the programs of a name without trying each one's pattern. */
final class ProgramIndex {
  private final Map<String, Map<Integer, Program>> byName = new HashMap<>();
  private final Map<Integer, Program> patterned = new TreeMap<>();

  ProgramIndex(List<Program> programs) {
    for (int i = 0; i < programs.size(); i++) {
      Program program = programs.get(i);
      for (String name : program.names().literals()) {
        byName.computeIfAbsent(name, any -> new TreeMap<>()).put(i, program);
      }
      if (!program.names().patterns().isEmpty()) {
        patterned.put(i, program);
      }
    }
  }

  /** Programs that may be named so, in the order in which they are tried. */
  List<Program> candidates(ProgramName name) {
    Map<Integer, Program> found = new TreeMap<>(patterned);
    for (String each : List.of(name.name(), name.bare(), name.inFolder())) {
      found.putAll(byName.getOrDefault(each, Map.of()));
    }
    return new ArrayList<>(found.values());
  }
}

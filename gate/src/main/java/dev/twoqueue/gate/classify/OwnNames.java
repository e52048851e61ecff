package dev.twoqueue.gate.classify;

import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** This machine's names, as far as its environment tells them without asking the network. */
final class OwnNames {
  private OwnNames() {}

  static Set<String> find() {
    Set<String> names = new TreeSet<>();
    for (String variable : new String[] {"HOSTNAME", "COMPUTERNAME", "HOST"}) {
      String name = System.getenv(variable);
      if (name != null && !name.isBlank()) {
        names.add(name.toLowerCase(Locale.ROOT));
        names.add(name.toLowerCase(Locale.ROOT).replaceFirst("\\..*$", ""));
      }
    }
    return names;
  }
}

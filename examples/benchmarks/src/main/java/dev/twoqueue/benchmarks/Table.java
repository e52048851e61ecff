package dev.twoqueue.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A Markdown table. */
final class Table {
  private final String title;
  private final List<String> lines = new ArrayList<>();

  Table(String title, String... header) {
    this.title = title;
    row(header);
    lines.add("|" + String.join("|", Collections.nCopies(header.length, "---")) + "|");
  }

  void row(String... cells) {
    lines.add("| " + String.join(" | ", cells) + " |");
  }

  @Override
  public String toString() {
    return title + "\n\n" + String.join("\n", lines) + "\n";
  }
}

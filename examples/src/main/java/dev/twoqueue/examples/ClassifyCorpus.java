package dev.twoqueue.examples;

import dev.twoqueue.gate.classify.WorkClass;
import dev.twoqueue.gate.classify.WorkClassifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Holds the classifier against a file of commands, requests and models with their classes: {@code
 * ClassifyCorpus FILE.tsv}. Prints a table and explains each miss. Exits with 0 when there is none,
 * 1 when there is one, 2 when the file cannot be read.
 */
public final class ClassifyCorpus {
  private static final String HEADER = "type\tinput\tclass\tdetail";
  private static final List<String> CLASSES = List.of("local-heavy", "fleet", "neither", "unknown");

  /** A line of the file. */
  private record Row(int line, String type, String input, String expected, String detail) {}

  /** What the classifier said. */
  private record Answer(String name, String detail, String reason, String rule) {}

  private final WorkClassifier classifier = WorkClassifier.standard();

  private ClassifyCorpus() {}

  /**
   * Runs it.
   *
   * @param args the file
   */
  public static void main(String[] args) {
    System.exit(args.length == 1 ? new ClassifyCorpus().run(Path.of(args[0])) : usage());
  }

  private static int usage() {
    System.err.println("Usage: ClassifyCorpus FILE.tsv, with the columns " + HEADER);
    return 2;
  }

  private int run(Path file) {
    List<Row> rows;
    try {
      rows = read(file);
    } catch (IOException | IllegalArgumentException e) {
      System.err.println(file + " cannot be read: " + e.getMessage());
      return 2;
    }
    Map<String, Map<String, Integer>> counts = new TreeMap<>();
    int misses = 0;
    int takenForLight = 0;
    for (Row row : rows) {
      Answer answer = answer(row);
      counts
          .computeIfAbsent(row.expected, any -> new TreeMap<>())
          .merge(answer.name, 1, Integer::sum);
      boolean isLight = answer.name.equals("fleet") || answer.name.equals("neither");
      takenForLight += row.expected.equals("local-heavy") && isLight ? 1 : 0;
      if (!isRight(row, answer)) {
        misses++;
        explain(row, answer);
      }
    }
    print(counts);
    System.out.printf(
        "%d lines, %d right, %d missed; %d local-heavy ones taken for light%n",
        rows.size(), rows.size() - misses, misses, takenForLight);
    return misses == 0 ? 0 : 1;
  }

  private static List<Row> read(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    if (lines.isEmpty() || !lines.get(0).equals(HEADER)) {
      throw new IllegalArgumentException("the first line must be: " + HEADER);
    }
    List<Row> rows = new ArrayList<>();
    for (int i = 1; i < lines.size(); i++) {
      if (!lines.get(i).isBlank()) {
        rows.add(row(i + 1, lines.get(i)));
      }
    }
    if (rows.isEmpty()) {
      throw new IllegalArgumentException("it has no lines");
    }
    return rows;
  }

  private static Row row(int number, String line) {
    String[] cells = line.split("\t", -1);
    if (cells.length < 3 || cells.length > 4 || !CLASSES.contains(cells[2])) {
      throw new IllegalArgumentException("line " + number + " has not the columns " + HEADER);
    }
    if (!List.of("command", "url", "model").contains(cells[0])) {
      throw new IllegalArgumentException("line " + number + " has an unknown type " + cells[0]);
    }
    return new Row(number, cells[0], cells[1], cells[2], cells.length == 4 ? cells[3].strip() : "");
  }

  private Answer answer(Row row) {
    WorkClass found =
        switch (row.type) {
          case "command" -> classifier.command(row.input);
          case "model" -> classifier.model(row.input);
          default -> request(row.input);
        };
    String reason = found.reason();
    if (found instanceof WorkClass.LocalHeavy heavy) {
      String kind = heavy.kind().name().toLowerCase(Locale.ROOT).replace('_', '-');
      return new Answer("local-heavy", kind, reason, found.rule());
    }
    if (found instanceof WorkClass.Fleet fleet) {
      return new Answer("fleet", fleet.provider(), reason, found.rule());
    }
    boolean isLight = found instanceof WorkClass.Neither;
    return new Answer(isLight ? "neither" : "unknown", "", reason, found.rule());
  }

  /** An input of a method, an address and a body. */
  private WorkClass request(String input) {
    String[] parts = input.strip().split("\\s+", 3);
    return classifier.request(
        parts[0], parts.length > 1 ? parts[1] : "", parts.length > 2 ? parts[2] : null);
  }

  private boolean isRight(Row row, Answer answer) {
    boolean hasDetail = row.expected.equals("local-heavy") || row.expected.equals("fleet");
    boolean detailIsRight =
        !hasDetail || row.detail.isEmpty() || provider(row.detail).equals(provider(answer.detail));
    return row.expected.equals(answer.name) && detailIsRight;
  }

  private String provider(String name) {
    return classifier.rules().provider(name.toLowerCase(Locale.ROOT));
  }

  private static void explain(Row row, Answer answer) {
    System.out.printf(
        "MISS line %d: %s %s%n  expected %s %s%n  but was %s %s, since %s [%s]%n",
        row.line,
        row.type,
        row.input,
        row.expected,
        row.detail,
        answer.name,
        answer.detail,
        answer.reason,
        answer.rule.isEmpty() ? "no rule" : answer.rule);
  }

  private static void print(Map<String, Map<String, Integer>> counts) {
    System.out.printf("%-14s", "expected");
    CLASSES.forEach(name -> System.out.printf("%12s", name));
    System.out.println();
    for (String expected : CLASSES) {
      System.out.printf("%-14s", expected);
      for (String name : CLASSES) {
        System.out.printf("%12d", counts.getOrDefault(expected, Map.of()).getOrDefault(name, 0));
      }
      System.out.println();
    }
  }
}

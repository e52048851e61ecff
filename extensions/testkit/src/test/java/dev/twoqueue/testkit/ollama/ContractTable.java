package dev.twoqueue.testkit.ollama;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/**
 * Collects how each behaviour of the contract fared with what it was asked of, and makes a table of
 * it at the end of the run, where the system property {@code twoqueue.contractTable} is set.
 */
final class ContractTable implements BeforeEachCallback, TestWatcher {
  static final Path FILE = Project.file("docs/ollama-contract.md");
  private static final String SHOWN = "yes";
  private static final String FAILED = "**no**";

  /** By behaviour, then by column: "yes", "no", or why it was not tried. */
  private static final Map<String, Map<String, String>> RESULTS = new ConcurrentSkipListMap<>();

  @Override
  public void beforeEach(ExtensionContext context) {
    context
        .getRoot()
        .getStore(ExtensionContext.Namespace.GLOBAL)
        .getOrComputeIfAbsent(ContractTable.class, any -> (AutoCloseable) ContractTable::write);
  }

  @Override
  public void testSuccessful(ExtensionContext context) {
    put(context, SHOWN);
  }

  @Override
  public void testFailed(ExtensionContext context, Throwable cause) {
    put(context, FAILED);
  }

  @Override
  public void testAborted(ExtensionContext context, Throwable cause) {
    put(context, String.valueOf(cause.getMessage()).replace("Assumption failed: ", ""));
  }

  @Override
  public void testDisabled(ExtensionContext context, Optional<String> reason) {
    put(context, reason.orElse("not tried"));
  }

  private static void put(ExtensionContext context, String result) {
    String column = context.getParent().map(ExtensionContext::getDisplayName).orElse("");
    RESULTS
        .computeIfAbsent(
            context.getRequiredTestMethod().getName(), name -> new ConcurrentSkipListMap<>())
        .put(column, result);
  }

  private static void write() throws IOException {
    if (System.getProperty("twoqueue.contractTable") != null) {
      Files.writeString(FILE, text(RESULTS));
    }
  }

  static String text(Map<String, Map<String, String>> results) {
    Set<String> columns = new LinkedHashSet<>();
    results.values().forEach(row -> columns.addAll(new TreeMap<>(row).keySet()));
    List<String> sorted = columns.stream().sorted().toList();
    List<String> notes = new ArrayList<>();
    StringBuilder table = new StringBuilder("| behaviour |");
    sorted.forEach(column -> table.append(' ').append(column).append(" |"));
    table.append("\n|---|").append("---|".repeat(sorted.size())).append('\n');
    results.forEach(
        (behaviour, row) -> {
          table.append("| ").append(behaviour.replace('_', ' ')).append(" |");
          sorted.forEach(
              column -> table.append(' ').append(cell(row.get(column), notes)).append(" |"));
          table.append('\n');
        });
    StringBuilder page = new StringBuilder(HEAD).append(table);
    for (int i = 0; i < notes.size(); i++) {
      page.append('\n').append(i + 1).append(". ").append(notes.get(i)).append('.');
    }
    return page.append(notes.isEmpty() ? "" : "\n").toString();
  }

  private static String cell(@org.jspecify.annotations.Nullable String result, List<String> notes) {
    if (result == null || result.equals(SHOWN) || result.equals(FAILED)) {
      return result == null ? "?" : result;
    }
    if (!notes.contains(result)) {
      notes.add(result);
    }
    return "(" + (notes.indexOf(result) + 1) + ")";
  }

  private static final String HEAD =
      """
      # What an Ollama does, and who was asked

      Written by the command under [the contract suite](ollama-tasks.md#the-contract-suite); not to be edited. Each
      behaviour is a test of `OllamaContract`: asked of the simulated server in both versions and of real servers, and
      read from the recordings by `RecordedContractTest`.

      """;
}

package dev.twoqueue.testkit.ollama;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ContractTableTest {

  private static Set<String> behaviours(Class<?> suite) {
    Set<String> names = new TreeSet<>();
    Stream.of(suite.getDeclaredMethods())
        .filter(method -> method.isAnnotationPresent(Test.class))
        .map(Method::getName)
        .forEach(names::add);
    return names;
  }

  @Test
  void the_recordings_are_read_for_every_behaviour() {
    assertEquals(
        behaviours(OllamaContract.class), behaviours(RecordedContractTest.InRecordings.class));
  }

  @Test
  void the_committed_table_has_every_behaviour_and_none_that_failed() throws IOException {
    String page = Files.readString(ContractTable.FILE);
    for (String behaviour : behaviours(OllamaContract.class)) {
      assertTrue(page.contains("| " + behaviour.replace('_', ' ') + " | "), behaviour);
    }
    assertFalse(page.contains("**no**") || page.contains("?"), page);
  }

  @Test
  void blanks_are_explained_once() {
    String page =
        ContractTable.text(
            new TreeMap<>(
                Map.of(
                    "it_loads", new TreeMap<>(Map.of("real", "none was given", "recorded", "yes")),
                    "it_swaps", new TreeMap<>(Map.of("real", "none was given")))));
    List<String> lines = page.lines().skip(page.lines().count() - 6).toList();
    assertEquals(
        List.of(
            "| behaviour | real | recorded |",
            "|---|---|---|",
            "| it loads | (1) | yes |",
            "| it swaps | (1) | ? |",
            "",
            "1. none was given."),
        lines);
  }
}

package dev.twoqueue.ollama.calibration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.MemoryPart;
import dev.twoqueue.ResidencyKey;
import dev.twoqueue.WorkingSet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file of corrections: kept whole, or not used. */
@NullUnmarked // fields are set by JUnit
class CorrectionFileTest {
  private static final Map<String, Correction> TWO =
      Map.of(
          "llama3.3:70b{num_ctx=8192} weights=42520395008",
          new Correction(List.of(new Sample(1.02, 3), new Sample(0.1 + 0.2, 1))),
          "a name\nwith %, = and ü",
          new Correction(List.of(new Sample(1, 2))));

  @TempDir Path folder;
  private Path path;

  @BeforeEach
  void name() {
    path = folder.resolve("calibration.txt");
  }

  private List<String> files() throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  @Test
  void what_was_written_is_read_and_nothing_else_is_left() throws IOException {
    assertEquals(Map.of(), new CorrectionFile(path).read());
    new CorrectionFile(path).write(TWO);
    new CorrectionFile(path).write(TWO);
    assertEquals(TWO, new CorrectionFile(path).read());
    assertEquals(List.of("calibration.txt"), files());
    assertTrue(Files.readString(path).startsWith("two-queue calibration 1\n"));
  }

  @Test
  void any_byte_changed_or_cut_off_is_damage() throws IOException {
    new CorrectionFile(path).write(TWO);
    byte[] whole = Files.readAllBytes(path);
    for (int i = 0; i < whole.length; i++) {
      byte[] changed = whole.clone();
      changed[i] ^= 1;
      Files.write(path, changed);
      assertThrows(IOException.class, () -> new CorrectionFile(path).read(), "byte " + i);
      Files.write(path, java.util.Arrays.copyOf(whole, i));
      assertThrows(IOException.class, () -> new CorrectionFile(path).read(), "cut at " + i);
    }
  }

  @Test
  void another_version_and_a_huge_file_are_not_read() throws IOException {
    Files.writeString(path, "two-queue calibration 2\ncrc32 0\n");
    assertTrue(
        assertThrows(IOException.class, () -> new CorrectionFile(path).read())
            .getMessage()
            .contains("does not begin with"));
    Files.write(path, new byte[2 << 20]);
    assertTrue(
        assertThrows(IOException.class, () -> new CorrectionFile(path).read())
            .getMessage()
            .contains("more than"));
  }

  private static final WorkingSet.Known FORMULA =
      new WorkingSet.Known(List.of(new MemoryPart("weights", 1000)), 1000, 1200, List.of());

  private static WorkingSet.Known raised(Corrections corrections, String model) {
    return corrections.correct(ResidencyKey.of(model), FORMULA);
  }

  @Test
  void corrections_outlive_the_process_and_damage_costs_only_them() throws IOException {
    Corrections first = Corrections.in(path);
    first.add(ResidencyKey.of("a"), FORMULA, new Sample(1.5, 3));
    assertEquals(1530, raised(Corrections.in(path), "a").highBytes());
    assertEquals(FORMULA, raised(Corrections.in(path), "b"));

    Files.write(path, "nonsense".getBytes(StandardCharsets.UTF_8));
    Corrections anew = Corrections.in(path);
    assertEquals(FORMULA, raised(anew, "a"));
    anew.add(ResidencyKey.of("b"), FORMULA, new Sample(1.5, 3));
    assertEquals(1530, raised(Corrections.in(path), "b").highBytes(), "it has been replaced");
  }

  @Test
  void a_name_that_stands_for_other_weights_starts_anew() {
    Corrections corrections = Corrections.inMemory();
    corrections.add(ResidencyKey.of("a"), FORMULA, new Sample(1.5, 3));
    WorkingSet.Known other =
        new WorkingSet.Known(List.of(new MemoryPart("weights", 1001)), 1000, 1200, List.of());
    assertEquals(other, corrections.correct(ResidencyKey.of("a"), other));
  }

  @Test
  void only_so_many_models_are_kept_the_latest() throws IOException {
    Corrections corrections = Corrections.in(path);
    List<String> names = new ArrayList<>();
    for (int i = 0; i <= Corrections.MOST; i++) {
      names.add("model-" + i);
      corrections.add(ResidencyKey.of("model-" + i), FORMULA, new Sample(1.5, 3));
    }
    assertEquals(FORMULA, raised(corrections, names.get(0)));
    assertEquals(1530, raised(corrections, names.get(1)).highBytes());
    assertEquals(Corrections.MOST, new CorrectionFile(path).read().size());
  }

  @Test
  void the_model_that_was_loaded_last_is_not_the_one_forgotten() {
    Corrections corrections = Corrections.inMemory();
    for (int i = 0; i < Corrections.MOST; i++) {
      corrections.add(ResidencyKey.of("model-" + i), FORMULA, new Sample(1.5, 3));
    }
    corrections.add(ResidencyKey.of("model-0"), FORMULA, new Sample(1.5, 3));
    corrections.add(ResidencyKey.of("one more"), FORMULA, new Sample(1.5, 3));

    assertEquals(1530, raised(corrections, "model-0").highBytes());
    assertEquals(FORMULA, raised(corrections, "model-1"));
  }

  @Test
  void a_path_that_can_be_no_file_costs_no_forecast() {
    Corrections corrections = Corrections.in(path.getRoot());
    corrections.add(ResidencyKey.of("a"), FORMULA, new Sample(1.5, 3));
    assertEquals(1530, raised(corrections, "a").highBytes());
  }

  @Test
  void a_file_that_cannot_be_written_costs_no_forecast() {
    Corrections corrections = Corrections.in(folder.resolve("missing").resolve("file"));
    corrections.add(ResidencyKey.of("a"), FORMULA, new Sample(1.5, 3));
    assertEquals(1530, raised(corrections, "a").highBytes());
  }
}

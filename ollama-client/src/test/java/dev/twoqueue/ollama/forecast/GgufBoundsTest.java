package dev.twoqueue.ollama.forecast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a header may make the reader keep: each bound, at it and one beyond. */
class GgufBoundsTest {
  private static final int BEFORE_KEYS = 24;

  private final Path folder;

  GgufBoundsTest(@TempDir Path folder) {
    this.folder = folder;
  }

  private GgufException damaged(GgufBytes bytes) throws IOException {
    Path file = bytes.write(folder, "damaged.gguf");
    return assertThrows(GgufException.class, () -> GgufReader.read(file));
  }

  private Map<String, @Nullable Object> info(GgufBytes bytes) throws Exception {
    return GgufReader.read(bytes.write(folder, "m.gguf")).info();
  }

  @Test
  void counts_ofKeysAndTensors() throws Exception {
    assertEquals("tensor count", damaged(new GgufBytes(100_001, 0)).what());
    assertEquals("tensor count", damaged(new GgufBytes(-1, 0)).what());
    assertEquals("key count", damaged(new GgufBytes(0, 10_001)).what());
    assertEquals("header", damaged(new GgufBytes(0, 10_000)).what()); // and then it ends
  }

  @Test
  void names_ofKeysAndTensors() throws Exception {
    assertEquals(1, info(new GgufBytes(0, 1).key("k".repeat(1024), 1)).size());
    assertEquals("key", damaged(new GgufBytes(0, 1).key("k".repeat(1025), 1)).what());
    assertEquals(0, info(new GgufBytes(1, 0).tensor("t".repeat(256), 0, 1)).size());
    assertEquals(
        "name of a tensor", damaged(new GgufBytes(1, 0).tensor("t".repeat(257), 0, 1)).what());
  }

  @Test
  void texts_eachAndTogether() throws Exception {
    Map<String, @Nullable Object> info =
        info(new GgufBytes(0, 2).key("a", "x".repeat(4096)).key("b", "x".repeat(4097)));
    assertEquals("x".repeat(4096), info.get("a"));
    assertTrue(info.containsKey("b"));
    assertNull(info.get("b"));

    byte[] key = new GgufBytes(0, 1).key("k", "x".repeat(4095)).bytes();
    ByteArrayOutputStream many = new ByteArrayOutputStream();
    many.write(new GgufBytes(0, 257).bytes());
    for (int i = 0; i < 256; i++) {
      many.write(key, BEFORE_KEYS, key.length - BEFORE_KEYS);
    }
    many.write(key, BEFORE_KEYS, key.length - BEFORE_KEYS);
    Path file = Files.write(folder.resolve("m.gguf"), many.toByteArray());
    GgufException e = assertThrows(GgufException.class, () -> GgufReader.read(file));
    assertTrue(e.toString().contains("makes the texts longer than 1048576"), e::toString);
  }

  @Test
  void lists_eachAndTogether() throws Exception {
    List<Integer> most = Collections.nCopies(4096, 1);
    Map<String, @Nullable Object> two =
        info(new GgufBytes(0, 2).key("a", most).key("b", Collections.nCopies(4097, 1)));
    assertEquals(4096, assertInstanceOf(List.class, two.get("a")).size());
    assertEquals(4097L, two.get("b.count"));

    GgufBytes bytes = new GgufBytes(0, 50);
    for (int i = 0; i < 50; i++) {
      bytes.key("l" + i, most);
    }
    Map<String, @Nullable Object> all = info(bytes);
    assertInstanceOf(List.class, all.get("l47")); // 196,608 of 200,000
    assertEquals(4096L, all.get("l48.count"));
  }

  @Test
  void a_listOfLessThanNothing() throws Exception {
    byte[] header = new GgufBytes(0, 1).tokens("tokens", 0).bytes();
    Arrays.fill(header, header.length - 8, header.length, (byte) -1);
    Path file = Files.write(folder.resolve("m.gguf"), header);
    assertEquals("tokens", assertThrows(GgufException.class, () -> GgufReader.read(file)).what());
  }

  @Test
  void tensors_theirDimensionsAndTypes() throws Exception {
    assertEquals("tensor 'x'", damaged(new GgufBytes(1, 0).tensor("x", 0, 1, 1, 1, 1, 1)).what());
    assertTrue(damaged(new GgufBytes(1, 0).tensor("x", 0, -1, -5)).toString().contains("of -1"));
    assertEquals("tensor 'x'", damaged(new GgufBytes(1, 0).tensor("x", -1, 1)).what());
  }

  @Test
  void files_ofOneModel() throws Exception {
    Path many = new GgufBytes(0, 0).write(folder, "m-00001-of-01001.gguf");
    assertEquals("file name", assertThrows(GgufException.class, () -> GgufFiles.read(many)).what());
  }
}

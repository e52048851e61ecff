package dev.twoqueue.ollama.forecast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GgufFilesTest {
  private final Path folder;

  GgufFilesTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama3.1-8b", "gemma4-e2b", "nemotron-h-8b", "deepseek-v3", "bge-m3"})
  void header_givesTheForecastOfTheServersMetadata(String model) throws Exception {
    ModelMetadata read = GgufFiles.read(GgufBytes.model(model, 7).write(folder, "m.gguf"));
    LoadSettings settings = LoadSettings.of(8192);
    LoadForecast expected = LoadForecast.of(MeasuredRows.model(model), settings);
    LoadForecast forecast = LoadForecast.of(read, settings);
    for (ForecastPart.Kind kind : ForecastPart.Kind.values()) {
      if (kind != ForecastPart.Kind.WEIGHTS) {
        assertEquals(expected.likely(kind), forecast.likely(kind), kind::toString);
      }
    }
    assertEquals(256 * 1000 * 144 / 256 + 64 * 64 * 4, read.tensors().total());
    assertEquals(256 * 1000 * 144 / 256, read.tensors().tokenEmbedding());
    assertTrue(read.tensors().tied());
  }

  @Test
  void tokenizersLists_areCountedAndNotKept() throws Exception {
    Path file =
        new GgufBytes(0, 4)
            .key("general.architecture", "llama")
            .key("llama.block_count", 2)
            .key("llama.embedding_length", 64)
            .tokens("tokenizer.ggml.tokens", 5000)
            .write(folder, "m.gguf");
    assertEquals(5000, GgufFiles.read(file).shape().vocabulary());
    assertEquals(4, GgufReader.read(file).info().size());
  }

  @Test
  void splitFiles_areOneModel() throws Exception {
    Path first =
        new GgufBytes(1, 3)
            .key("general.architecture", "llama")
            .key("llama.block_count", 2)
            .key("llama.embedding_length", 64)
            .tensor("token_embd.weight", 0, 100, 10)
            .write(folder, "m-00001-of-00002.gguf");
    assertThrows(NoSuchFileException.class, () -> GgufFiles.read(first));
    Path second =
        new GgufBytes(1, 0)
            .tensor("output.weight", 1, 100, 10)
            .write(folder, "m-00002-of-00002.gguf");
    for (Path any : List.of(first, second)) {
      ModelMetadata model = GgufFiles.read(any);
      assertEquals(4000 + 2000, model.tensors().total());
      assertEquals(4000, model.tensors().tokenEmbedding());
      assertEquals(false, model.tensors().tied());
      assertEquals(Files.size(first) + Files.size(second), model.fileBytes());
    }
  }

  private GgufException damaged(GgufBytes bytes) throws IOException {
    Path file = bytes.write(folder, "damaged.gguf");
    return assertThrows(GgufException.class, () -> GgufFiles.read(file));
  }

  @Test
  void absurdCounts_areErrorsThatNameTheirPlace() throws Exception {
    assertEquals("tensor count", damaged(new GgufBytes(Long.MAX_VALUE, 1)).what());
    assertEquals("key count", damaged(new GgufBytes(1, -1)).what());
    GgufException list =
        damaged(
            new GgufBytes(0, 3)
                .key("general.architecture", "llama")
                .tokens("tokenizer.ggml.tokens", 0));
    assertEquals("header", list.what()); // a key less than was said
  }

  @Test
  void listsAndTextsLongerThanTheFile_areErrorsThatNameTheKey() throws Exception {
    byte[] header = new GgufBytes(0, 1).tokens("tokenizer.ggml.tokens", 3).bytes();
    int length = 24 + 8 + "tokenizer.ggml.tokens".length() + 8;
    header[length + 6] = 1;
    Path file = Files.write(folder.resolve("m.gguf"), header);
    GgufException e = assertThrows(GgufException.class, () -> GgufFiles.read(file));
    assertEquals("tokenizer.ggml.tokens", e.what());
    assertEquals(length, e.offset());
  }

  @Test
  void unknownTypes_areErrorsThatNameTheKeyOrTensor() throws Exception {
    assertEquals(
        "tensor 'blk.0.x'", damaged(new GgufBytes(1, 0).tensor("blk.0.x", 5, 1, 1)).what());
    assertTrue(
        damaged(new GgufBytes(1, 0).tensor("x", 0, 1L << 40, 1L << 40))
            .toString()
            .contains("2^50"));
  }

  @Test
  void everyTruncation_isATypedError() throws Exception {
    byte[] whole = GgufBytes.model("llama3.1-8b", 20).bytes();
    for (int length = 0; length < whole.length; length += 7) {
      Path file = Files.write(folder.resolve("cut.gguf"), Arrays.copyOf(whole, length));
      assertThrows(GgufException.class, () -> GgufFiles.read(file), () -> "length " + file);
    }
  }

  @Test
  void filesOfOtherKindsOrVersions_areErrors() throws Exception {
    for (String text : List.of("", "GGUF", "GGML\1\0\0\0", "GGUF\1\0\0\0", "GGUF\0\0\0\3")) {
      Path file = Files.writeString(folder.resolve("x.gguf"), text);
      assertThrows(GgufException.class, () -> GgufFiles.read(file), text);
    }
  }
}

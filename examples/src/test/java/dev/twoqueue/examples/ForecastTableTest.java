package dev.twoqueue.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForecastTableTest {
  private static final String COLUMNS =
      "model,n_ctx,n_parallel,kv_unified,n_ubatch,cache_type_k,cache_type_v,flash_attention,kv_mib,"
          + "swa_kv_mib,recurrent_mib,weights_mib,compute_mib,output_mib,total_mib\n";
  private static final String ROW =
      "tiny,2048,1,false,512,f16,f16,on,45.00,,,92.10,15.51,0.19,152.80\n";
  private static final String MODEL =
      """
      {"file_bytes": 98362432,
       "model_info": {"general.architecture": "llama", "llama.block_count": 30,
        "llama.context_length": 8192, "llama.embedding_length": 576,
        "llama.feed_forward_length": 1536, "llama.attention.head_count": 9,
        "llama.attention.head_count_kv": 3, "llama.vocab_size": 49152},
       "tensors": {"total_bytes": 96576768, "token_embd_bytes": 30081024, "output_bytes": null}}
      """;

  private final Path folder;
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();

  ForecastTableTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @BeforeEach
  void model() throws IOException {
    Files.createDirectory(folder.resolve("models"));
    Files.writeString(folder.resolve("models").resolve("tiny.json"), MODEL);
  }

  private int run(String rows) throws IOException {
    Files.writeString(folder.resolve("measured.csv"), COLUMNS + rows);
    said.reset();
    return ForecastTable.run(
        new PrintStream(said, true, StandardCharsets.UTF_8),
        folder.toString(),
        folder.resolve("page.md").toString());
  }

  @Test
  void rowsWithinTheBounds_exitWithZeroAndAPage() throws IOException {
    assertEquals(0, run(ROW), said::toString);
    String page = Files.readString(folder.resolve("page.md"));
    assertTrue(page.contains("All bounds hold"), page);
    assertTrue(page.contains("| 92.10 / 92.10 | 45.00 / 45.00 |"), page);
  }

  @Test
  void eachBoundThatDoesNotHold_isNamedAndExitsWithOne() throws IOException {
    for (List<String> broken :
        List.of(
            List.of("KV cache is not exact", "on,45.00", "on,45.20"),
            List.of("sliding window is not exact", "on,45.00,", "on,45.00,1"),
            List.of("recurrent state is not exact", "on,45.00,,", "on,45.00,,1"),
            List.of("likely is too far under", "152.80", "156.10"),
            List.of("high is under", "152.80", "156.10"),
            List.of("likely is too far over", "152.80", "88.00"))) {
      assertEquals(1, run(ROW.replace(broken.get(1), broken.get(2))), broken::toString);
      assertTrue(said.toString(StandardCharsets.UTF_8).contains(broken.get(0)), said::toString);
    }
  }

  @Test
  void folderThatCannotBeRead_exitsWithTwoAndSaysWhy() throws IOException {
    assertEquals(2, run(ROW.replace("tiny", "absent")));
    assertEquals(2, run(ROW.replace("2048", "many")));
    assertTrue(said.toString(StandardCharsets.UTF_8).contains("n_ctx is 'many'"), said::toString);
    assertEquals(64, ForecastTable.run(new PrintStream(said, true, StandardCharsets.UTF_8)));
  }
}

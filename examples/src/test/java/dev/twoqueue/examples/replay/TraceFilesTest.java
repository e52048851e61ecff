package dev.twoqueue.examples.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TraceFilesTest {
  private final Path folder;

  TraceFilesTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void columnsMayStandInAnyOrderBesideOthers() throws Exception {
    Path file = file("\uFEFFuser,exec_s, model ,arrival_s\r\nx,1.5,m:7b,0\r\n\r\ny,0,n,2.25\r\n");
    assertEquals(
        List.of(
            new Job(Duration.ZERO, "m:7b", Duration.ofMillis(1_500)),
            new Job(Duration.ofMillis(2_250), "n", Duration.ZERO)),
        TraceFiles.jobs(file).jobs());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "0,a,x                | line 3: exec_s is 'x', not a number from 0",
        "0,a,-1               | line 3: exec_s is '-1', not a number from 0",
        "0,a,NaN              | line 3: exec_s is 'NaN', not a number from 0",
        "0,a,1e99             | line 3: exec_s is '1e99', not a number from 0",
        "0,,1                 | line 3: model is empty: name it, or delete the row",
        "0,a                  | line 3: 2 values for 3 columns: complete the row or delete it",
        "0,a,1,2              | line 3: 4 values for 3 columns: complete the row or delete it",
        "0,\"a\",1            | line 3: has quotes: write the values without them",
        "1,a,1\\n0,a,1        | line 4: arrival_s 0.0 is before that of the row above: sort",
        "0,a,2e9\\n0,a,2e9    | line 4: exec_s add up to more than a century up to here"
      })
  void aWrongRowIsNamedWithItsLineAndWhatToDo(String rows, String message) throws Exception {
    Path file = file("arrival_s,model,exec_s\n\n" + rows.replace("\\n", "\n") + "\n");
    TraceFormatException wrong =
        assertThrows(TraceFormatException.class, () -> TraceFiles.jobs(file));
    String text = String.valueOf(wrong.getMessage());
    assertTrue(text.startsWith(file + ", " + message), text);
  }

  @Test
  void aMissingColumnIsNamed() throws Exception {
    Path file = file("arrival,model,exec_s\n0,a,1\n");
    TraceFormatException wrong =
        assertThrows(TraceFormatException.class, () -> TraceFiles.jobs(file));
    assertEquals(
        file
            + ", line 1: no column arrival_s among [arrival, model, exec_s]: the first line must"
            + " name the columns arrival_s,model,exec_s",
        wrong.getMessage());
  }

  @Test
  void aFileWithoutRowsOrTextIsRefused() throws Exception {
    Path empty = file("");
    assertThrows(TraceFormatException.class, () -> TraceFiles.jobs(empty));
    Path namesOnly = file("arrival_s,model,exec_s\n");
    assertThrows(TraceFormatException.class, () -> TraceFiles.jobs(namesOnly));
    Path binary = Files.write(folder.resolve("binary"), new byte[] {'a', (byte) 0xff, (byte) 0xc0});
    assertThrows(TraceFormatException.class, () -> TraceFiles.jobs(binary));
    assertThrows(IOException.class, () -> TraceFiles.jobs(folder.resolve("missing")));
  }

  @Test
  void theMedianOfLoadsIsBetweenTheMiddleOnes() throws Exception {
    assertEquals(Duration.ofMillis(300), TraceFiles.medianLoad(file("load_ms\n900\n300\n100\n")));
    assertEquals(
        Duration.ofMillis(200), TraceFiles.medianLoad(file("load_ms\n900\n300\n100\n0\n")));
  }

  private Path file(String content) throws IOException {
    Path file = folder.resolve("jobs.csv");
    return Files.write(file, content.getBytes(StandardCharsets.UTF_8));
  }
}

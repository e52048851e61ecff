package dev.twoqueue.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplayTest {
  private final Path folder;
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();

  ReplayTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void writesTableFiguresAndPicture() throws Exception {
    Path csv = folder.resolve("out.csv");
    Path plot = folder.resolve("out.png");
    String jobs = jobs("0,a,10\n1,b,10\n2,a,10\n60,b,10\n");
    String loads = Files.writeString(folder.resolve("loads.csv"), "load_ms\n5000\n") + "";
    assertEquals(
        0,
        run(jobs, loads, "--load", "0.5", "--csv", csv + "", "--plot", plot + ""),
        said::toString);
    List<String> rows = Files.readAllLines(csv);
    assertEquals("load,policy,swaps_per_job,mean_wait_s,p95_wait_s,longest_wait_s", rows.get(0));
    // Begun at 5, 20, 35 and 65 s in order; drain runs the second a at 15 and b at 30 s.
    assertEquals("0.666667,FIFO,1.000000,15.500,33.000,33.000", rows.get(1));
    assertEquals("0.666667,drain,0.500000,11.750,29.000,29.000", rows.get(2));
    assertTrue(rows.stream().anyMatch(row -> row.startsWith("0.500000,cap 32,")), () -> "" + rows);
    assertTrue(said.toString(StandardCharsets.UTF_8).contains("a swap takes 5.0 s"));
    assertTrue(ImageIO.read(plot.toFile()).getWidth() > 1_000, "two charts side by side");
  }

  @Test
  void withoutFilesItGeneratesItsJobs() {
    assertEquals(0, run("--load", "0.5", "--seed", "3"), said::toString);
    String table = said.toString(StandardCharsets.UTF_8);
    assertTrue(table.startsWith("generated arrivals, seed 3, a swap takes 22.7 s"), table);
    assertTrue(table.contains("at load 0.500"), table);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--what               | unknown option --what",
        "--csv                | --csv needs a value",
        "--plot a.svg         | --plot writes PNG",
        "--seed x             | --seed needs a whole number, not x",
        "--load 0             | --load needs numbers above 0, not 0",
        "--load 0.5,          | --load needs a number from 0 to a million",
        "--swap-seconds -1    | --swap-seconds needs a number from 0 to a million, not -1",
        "a.csv                | JOBS.csv needs a LOADS.csv beside it, or --swap-seconds",
        "a.csv b.csv c.csv    | one JOBS.csv and one LOADS.csv",
        "a.csv b.csv --seed 1 | --seed is for generated jobs",
        "a.csv b.csv --swap-seconds 1 | --swap-seconds takes the place of LOADS.csv"
      })
  void aWrongOptionIsExplained(String args, String message) {
    assertEquals(64, run(args.split(" ", -1)));
    String text = said.toString(StandardCharsets.UTF_8);
    assertTrue(text.startsWith(message), text);
    assertTrue(text.contains("usage: Replay"), text);
  }

  @Test
  void wrongFilesHaveExitCodesOfTheirOwn() throws Exception {
    assertEquals(65, run(jobs("0,a,x\n"), "--swap-seconds", "1"));
    assertEquals(65, run(jobs("0,a,10\n"), "--swap-seconds", "1")); // one job has no load
    assertEquals(65, run("--load", "0.0000001"));
    assertEquals(74, run(folder.resolve("missing.csv") + "", "--swap-seconds", "1"));
    String text = said.toString(StandardCharsets.UTF_8);
    assertTrue(text.contains("line 2: exec_s is 'x'"), text);
    assertTrue(text.contains("cannot be changed: it needs two arrival times"), text);
    assertTrue(text.contains("too low"), text);
    assertTrue(text.contains("no such file or folder"), text);
  }

  private String jobs(String rows) throws Exception {
    return Files.writeString(folder.resolve("jobs.csv"), "arrival_s,model,exec_s\n" + rows) + "";
  }

  private int run(String... args) {
    return Replay.run(new PrintStream(said, true, StandardCharsets.UTF_8), args);
  }
}

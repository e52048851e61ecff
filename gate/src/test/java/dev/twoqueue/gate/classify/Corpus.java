package dev.twoqueue.gate.classify;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** Lines with the class that is expected of them. */
record Corpus(String type, String input, String expected, String detail) {

  static List<Corpus> read(String name) {
    try (InputStream in = Corpus.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .skip(1)
          .map(line -> line.split("\t", -1))
          .map(cells -> new Corpus(cells[0], cells[1], cells[2], cells[3]))
          .toList();
    } catch (IOException e) {
      throw new IllegalStateException(name, e);
    }
  }

  static List<Corpus> commands() {
    return read("corpus.tsv").stream().filter(row -> row.type.equals("command")).toList();
  }

  WorkClass classify(WorkClassifier classifier) {
    if (type.equals("command")) {
      return classifier.command(input);
    }
    if (type.equals("model")) {
      return classifier.model(input);
    }
    String[] parts = input.split(" ", 3);
    return classifier.request(parts[0], parts[1], parts.length > 2 ? parts[2] : null);
  }

  /** A class and its detail in the words of the corpus. */
  static String words(WorkClass work) {
    if (work instanceof WorkClass.LocalHeavy heavy) {
      return "local-heavy " + heavy.kind().name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
    if (work instanceof WorkClass.Fleet fleet) {
      return "fleet " + fleet.provider();
    }
    return work instanceof WorkClass.Neither ? "neither " : "unknown ";
  }

  String expectedWords() {
    return expected + " " + detail;
  }
}

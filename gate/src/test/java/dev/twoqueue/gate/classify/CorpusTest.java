package dev.twoqueue.gate.classify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Known commands, requests and models get their class, and every answer says why. */
class CorpusTest {
  private final WorkClassifier classifier = WorkClassifier.standard().ownNames(List.of());

  @ParameterizedTest
  @ValueSource(strings = {"corpus.tsv", "corpus-second.tsv", "corpus-third.tsv"})
  void every_line_has_its_class_and_detail(String file) {
    List<Corpus> rows = Corpus.read(file);

    List<String> misses =
        rows.stream()
            .filter(row -> !Corpus.words(row.classify(classifier)).equals(row.expectedWords()))
            .map(row -> row + ": " + row.classify(classifier))
            .toList();

    assertEquals(List.of(), misses);
    assertFalse(rows.isEmpty());
  }

  @Test
  void what_is_light_or_elsewhere_names_the_rule_that_says_so() {
    List<WorkClass> withoutRule =
        Corpus.read("corpus.tsv").stream()
            .map(row -> row.classify(classifier))
            .filter(work -> !(work instanceof WorkClass.Unknown) && work.rule().isEmpty())
            .toList();

    assertEquals(List.of(), withoutRule);
  }

  @Test
  void without_rules_everything_is_unknown() {
    WorkClassifier none = WorkClassifier.of(WorkRules.none());

    List<WorkClass> known =
        Corpus.read("corpus.tsv").stream()
            .map(row -> row.classify(none))
            .filter(work -> !(work instanceof WorkClass.Unknown))
            .filter(work -> !work.rule().equals("help"))
            .toList();

    assertEquals(List.of(), known);
  }
}

package dev.twoqueue.internal.engine;

import java.util.Optional;

/** What the engine can be told, with the letter that stands for it in a log of inputs. */
enum InputKind {
  SUBMIT('s', "submit"),
  CANCEL('c', "cancel"),
  OBSERVED('o', "observed"),
  VERDICT('v', "verdict"),
  FLEET_VERDICT('f', "fleet verdict"),
  EVICTED('e', "evicted"),
  PERMIT_GRANTED('g', "permit granted"),
  PERMIT_REFUSED('n', "permit refused"),
  BODY_ENDED('b', "body ended"),
  AWAIT('a', "await"),
  BEGIN_JOIN('j', "begin join"),
  END_JOIN('k', "end join"),
  TICK('t', "tick"),
  PAUSE('p', "pause"),
  RESUME('r', "resume"),
  FLEET_LIMIT('l', "fleet limit"),
  SHUTDOWN('d', "shutdown"),
  SHUTDOWN_NOW('x', "shutdown now");

  private static final InputKind[] ALL = values();

  final char letter;

  /** For people. */
  final String words;

  InputKind(char letter, String words) {
    this.letter = letter;
    this.words = words;
  }

  static Optional<InputKind> of(String letter) {
    for (InputKind kind : ALL) {
      if (letter.length() == 1 && letter.charAt(0) == kind.letter) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }
}

package dev.twoqueue;

/** What a local-heavy task does to the machine. */
public enum LocalKind {
  /** Downloads a model: disk and network, little memory. */
  PULL,
  /** Loads a model into memory and leaves it resident. */
  LOAD,
  /** Asks a model that is, or becomes, resident. */
  ORACLE,
  /** A full test suite. */
  TEST_SWEEP,
  /** Anything else that saturates the machine. */
  OTHER
}

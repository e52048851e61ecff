package dev.twoqueue.testkit.ollama;

import java.time.Instant;

/**
 * Something that happened to a model.
 *
 * @param at when, in real time
 * @param kind what
 * @param model to which, as the server shows its name
 */
public record OllamaEvent(Instant at, Kind kind, String model) {

  /** What can happen to a model. */
  public enum Kind {
    /** A load began: its memory counts from here. */
    LOAD_STARTED,
    /** A load ended well. */
    LOADED,
    /** A load failed. */
    LOAD_FAILED,
    /** A load was given up since its client went away. */
    LOAD_ABORTED,
    /** The server chose it as the victim of another load, or of one with other runner options. */
    EVICTED,
    /** It left because a client asked for that. */
    UNLOADED,
    /** It left because its keep_alive had passed. */
    EXPIRED,
    /** Its runner process died. */
    DIED,
    /** A pull began. */
    PULL_STARTED,
    /** A pull ended well. */
    PULLED,
    /** A pull failed. */
    PULL_FAILED,
    /** A pull was given up since its client went away; what it had stays on disk. */
    PULL_ABORTED,
    /** It was deleted from disk. */
    DELETED
  }
}

package dev.twoqueue.internal.engine.explore;

/** What the engine may ask of the world. */
enum Ask {
  OBSERVE,
  LOOK_EARLY,
  LOOK_FINAL,
  LOOK_FLEET,
  EVICT,
  PERMIT;

  /** Whether it is a step of a local-heavy start; of permits only some are. */
  boolean isLocalStep() {
    return this != LOOK_FLEET && this != PERMIT;
  }
}

package dev.twoqueue.testkit;

/** A witness of the rule that counts inside the bodies of the tasks, not in the engine. */
public final class OccupancyMonitor {}

package dev.twoqueue.benchmarks;

import java.util.List;

/** A group of measurements that belong together. */
interface Study {

  /**
   * What was found.
   *
   * @param tables for people
   * @param targets what had been promised
   */
  record Findings(List<Table> tables, List<Target> targets) {}

  /** Its name on the command line. */
  String name();

  /** Measures. */
  Findings run(Plan.Effort effort) throws Exception;
}

package dev.twoqueue.gate.classify;

import java.util.List;

/**
 * The rules of a program, tried in their order.
 *
 * @param names globs for its base name
 * @param server where the machine is named that does the work; {@link Outcome.Source#NONE} for a
 *     program that works here
 * @param serverVariable the variable that names it; empty for none
 * @param isTool whether it is one of those that are light whatever their arguments are
 */
record Program(
    Glob names,
    List<ProgramRule> rules,
    Outcome.Source server,
    String serverVariable,
    boolean isTool) {}

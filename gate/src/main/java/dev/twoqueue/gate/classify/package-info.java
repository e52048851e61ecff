/**
 * What counts as heavy: from a command line, an HTTP request or the name of a model to the class of
 * the work.
 *
 * <p>Start at {@link dev.twoqueue.gate.classify.WorkClassifier}. The rules are data, which a host
 * can list, add to and replace: {@link dev.twoqueue.gate.classify.WorkRules}. What no rule knows is
 * unknown, and an unknown is never taken for light.
 */
@NullMarked
package dev.twoqueue.gate.classify;

import org.jspecify.annotations.NullMarked;

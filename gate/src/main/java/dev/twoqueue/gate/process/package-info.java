/**
 * Processes as tasks: {@link dev.twoqueue.gate.process.ScheduledProcess} runs one under the class
 * that its command has.
 */
@NullMarked
package dev.twoqueue.gate.process;

import org.jspecify.annotations.NullMarked;

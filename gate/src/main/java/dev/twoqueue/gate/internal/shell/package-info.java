/** Reads command lines as a shell does, without running anything. */
@NullMarked
package dev.twoqueue.gate.internal.shell;

import org.jspecify.annotations.NullMarked;

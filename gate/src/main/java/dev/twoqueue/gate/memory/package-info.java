/**
 * What a machine tells of its memory, live or recorded, on every operating system: {@link
 * dev.twoqueue.gate.memory.MemoryFigures} is the one place where the memory budget meets it.
 */
@NullMarked
package dev.twoqueue.gate.memory;

import org.jspecify.annotations.NullMarked;

/** The scheduler's shell: threads, time and callbacks around the engine. Not for hosts. */
@NullMarked
package dev.twoqueue.internal;

import org.jspecify.annotations.NullMarked;

/** The parts of {@link dev.twoqueue.examples.HostGateDemo}. */
@NullMarked
package dev.twoqueue.examples.host;

import org.jspecify.annotations.NullMarked;

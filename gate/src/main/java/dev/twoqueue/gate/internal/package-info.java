/** How the live figures are read; not exported. */
@NullMarked
package dev.twoqueue.gate.internal;

import org.jspecify.annotations.NullMarked;

/** Measured loads of models, and what was forecast for them. */
@NullMarked
package dev.twoqueue.examples.forecast;

import org.jspecify.annotations.NullMarked;

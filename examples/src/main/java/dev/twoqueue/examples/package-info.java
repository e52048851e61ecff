/**
 * Programs that run, one idea each: {@link dev.twoqueue.examples.Incident} is the main job, {@link
 * dev.twoqueue.examples.MinimalHost} the smallest host there can be.
 */
@NullMarked
package dev.twoqueue.examples;

import org.jspecify.annotations.NullMarked;

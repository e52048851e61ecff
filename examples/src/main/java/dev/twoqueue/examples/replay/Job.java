package dev.twoqueue.examples.replay;

import java.time.Duration;

/**
 * One job of a trace.
 *
 * @param arrival when it is submitted, since the beginning of the trace
 * @param model the model that it needs
 * @param execution how long it runs once its model is loaded; 0 or more
 */
public record Job(Duration arrival, String model, Duration execution) {}

package dev.twoqueue.ollama;

import java.time.Duration;

/**
 * What it took to bring a model in: unloading what was in the way, until it was seen to be gone,
 * and loading. Measured at the ready-made tasks of one client; failed loads do not count.
 *
 * @param swaps how often
 * @param last the last one
 * @param median of the last {@value SwapCosts#KEPT}, by nearest rank
 * @param high the 90th percentile of these, by nearest rank
 */
public record SwapCost(long swaps, Duration last, Duration median, Duration high) {}

package dev.twoqueue.testkit.ollama;

import java.time.Duration;

/** How the simulated server is configured, as its environment configures a real one. */
record ServerSettings(
    OllamaVersion version,
    int maxLoadedModels,
    int maxQueue,
    Duration keepAlive,
    int defaultContext,
    Duration unloadTime,
    boolean gpu,
    boolean killsOnOutOfMemory,
    double pullBytesPerSecond) {}

package dev.twoqueue.ollama.calibration;

/**
 * One load, set against its forecast.
 *
 * @param ratio measured to likely, positive and finite
 * @param accounts how many accounts of it agree within a tenth: 1 to 3
 */
record Sample(double ratio, int accounts) {
  Sample {
    if (!(ratio > 0) || Double.isInfinite(ratio)) {
      throw new IllegalArgumentException("ratio must be positive and finite, was " + ratio);
    }
    if (accounts < 1 || accounts > 3) {
      throw new IllegalArgumentException("accounts must be 1 to 3, was " + accounts);
    }
  }
}

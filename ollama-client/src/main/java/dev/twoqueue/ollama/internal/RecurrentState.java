package dev.twoqueue.ollama.internal;

/** The state of recurrent layers: 32-bit floats, one state a slot, whatever the context. Exact. */
public final class RecurrentState {
  private RecurrentState() {}

  /**
   * Its size.
   *
   * @param shape the model
   * @param settings how it is loaded
   * @return bytes
   * @throws ArithmeticException when it exceeds a long
   */
  public static long bytes(ModelShape shape, LoadSettings settings) {
    long layers = shape.layers().stream().filter(ModelShape.Layer::recurrent).count();
    return Math.multiplyExact(
        Math.multiplyExact(layers, settings.slots()), Math.multiplyExact(4L, shape.state()));
  }
}

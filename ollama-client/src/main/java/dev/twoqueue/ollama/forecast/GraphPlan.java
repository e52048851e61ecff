package dev.twoqueue.ollama.forecast;

/**
 * A graph being planned: what its blocks share. Activations are 32-bit floats, one row a token.
 *
 * <p>Not safe for use by several threads.
 */
final class GraphPlan {
  private static final long FLOAT = 4;

  final ModelShape shape;
  final LoadSettings settings;
  final BufferPlanner planner = new BufferPlanner();

  /** The widest values that any layer caches. */
  final long widestValues;

  /** Tokens that keep their output; fewer than the batch where only they need logits. */
  final long outputs;

  /**
   * The widths of the heads of the layers with a whole view and with a window; 1 where they differ.
   */
  private final long fullKeyWidth;

  private final long fullValueWidth;
  private final long windowKeyWidth;
  private final long windowValueWidth;

  private long tokens;
  private int fullMask = -1;
  private int windowMask = -1;
  private int fullIndices = -1;
  private int windowIndices = -1;
  private int positionInput = -1;
  private int rotations = -1;
  private int outputIds = -1;

  GraphPlan(ModelShape shape, LoadSettings settings) {
    this.shape = shape;
    this.settings = settings;
    this.widestValues = shape.widestValues();
    this.tokens = settings.tokensAtOnce();
    this.outputs =
        settings.keepsAllLogits() || !shape.causal()
            ? tokens
            : Math.min(tokens, (long) settings.slots());
    this.fullKeyWidth = headWidth(true, false);
    this.fullValueWidth = headWidth(false, false);
    this.windowKeyWidth = headWidth(true, true);
    this.windowValueWidth = headWidth(false, true);
  }

  /** A tensor of so many floats for each token. */
  int floats(long width) {
    return planner.take(Math.multiplyExact(FLOAT * tokens, width));
  }

  /** A tensor of so many bytes. */
  int bytes(long size) {
    return planner.take(size);
  }

  void give(int tensor) {
    planner.give(tensor);
  }

  /** Keeps only the rows of the tokens with output; further tensors are of these. */
  int keepOutputs(int tensor, long width) {
    int rows = planner.take(Math.multiplyExact(FLOAT * outputs, width));
    planner.give(tensor);
    return rows;
  }

  /** Rows of the tokens with output, of a tensor that stays. */
  int copyOutputs(long width) {
    return planner.take(Math.multiplyExact(FLOAT * outputs, width));
  }

  /** From here on only tokens with output are computed. */
  void onlyOutputs() {
    tokens = outputs;
    give(outputIds);
  }

  long tokens() {
    return tokens;
  }

  /**
   * Places what the host fills in for attention before each pass: positions, indices of cells,
   * masks. They come in the order in which the graph reads them first.
   */
  void attentionInputs() {
    int first = firstAttention();
    if (first < 0) {
      return;
    }
    rotations = bytes(rotationBytes());
    positionInput = floats(1);
    attentionInputs(shape.layers().get(first).sliding());
    attentionInputs(!shape.layers().get(first).sliding());
  }

  /** Places the numbers of the tokens with output. */
  void outputIds() {
    outputIds = bytes(FLOAT * outputs);
  }

  private int firstAttention() {
    for (int i = 0; i < shape.layers().size(); i++) {
      if (shape.layers().get(i).attends()) {
        return i;
      }
    }
    return -1;
  }

  private void attentionInputs(boolean sliding) {
    if (shape.lastAttention(sliding) < 0) {
      return;
    }
    int indices = shape.causal() ? floats(indexWidth()) : -1;
    long row = settings.flashAttention() ? 2 : 4;
    long cells = tokens;
    if (shape.causal()) {
      cells = sliding ? settings.windowCells(shape.window()) : settings.cells();
    }
    int mask = bytes(Math.multiplyExact(tokens * row, cells));
    if (sliding) {
      windowIndices = indices;
      windowMask = mask;
    } else {
      fullIndices = indices;
      fullMask = mask;
    }
  }

  /** Of 64 bits each; without flash attention values are stored one by one. */
  private long indexWidth() {
    if (shape.latent().absorbed()) {
      return 2;
    }
    return settings.flashAttention() ? 4 : 2 + 2 * widestValues;
  }

  private long rotationBytes() {
    return rotationBytes(fullKeyWidth, fullValueWidth)
        + rotationBytes(windowKeyWidth, windowValueWidth);
  }

  private long rotationBytes(long keyWidth, long valueWidth) {
    long width = rotates(settings.keys(), keyWidth) ? Long.lowestOneBit(keyWidth) : 0;
    return 4 * width * width + (rotates(settings.values(), valueWidth) ? 4 * 64 * 64 : 0);
  }

  /**
   * After keys and values are in the cache: those of the last layer of its kind free the indices.
   */
  void stored(ModelShape.Layer layer) {
    if (layer.caches() && lastCaching) {
      give(layer.sliding() ? windowIndices : fullIndices);
    }
    if (lastAttention) {
      give(positionInput);
      give(rotations);
    }
  }

  /** After the scores: those of the last layer of its kind free the mask. */
  void scored(ModelShape.Layer layer) {
    if (!layer.mixture()) {
      expanded();
    }
    if (lastOfKind) {
      give(layer.sliding() ? windowMask : fullMask);
    }
  }

  /** The layer being planned is the last with attention of its kind, or of all. */
  boolean lastOfKind;

  boolean lastAttention;

  /** It is the last of its kind that keeps keys and values. */
  boolean lastCaching;

  /** Whether the layer being planned gives its heads norms or rotary positions. */
  boolean positions;

  /** Gemma's inputs of all layers, and the embeddings that they are made of; −1 without. */
  int layerInputs = -1;

  int embeddings = -1;

  /** What attention mixed before a recurrent block of the same layer; −1 without. */
  int deferred = -1;

  /** The next layer that llama.cpp puts into the graph before its inputs is recurrent. */
  boolean recurrenceFollows;

  private int pendingRows = -1;

  /**
   * llama.cpp puts the read of a convolution's state into the graph as soon as it builds the layer,
   * and what leads to the layer's input only when that is needed: the read comes first.
   */
  void expanded() {
    if (recurrenceFollows && pendingRows < 0) {
      pendingRows = stateRows();
    }
  }

  /** A recurrent layer's state is read before its input is computed. */
  void readState() {
    if (pendingRows < 0) {
      pendingRows = stateRows();
    }
  }

  /** The state that a convolution reads. */
  int convolutionState() {
    int rows = pendingRows < 0 ? stateRows() : pendingRows;
    pendingRows = -1;
    return rows;
  }

  /** The state that was read before its layer; −1 without. */
  int pendingRows() {
    return pendingRows;
  }

  private int stateRows() {
    return bytes(Math.multiplyExact(4 * shape.state().convolution(), (long) settings.slots()));
  }

  /** Cells that a layer's attention runs over. */
  long cells(ModelShape.Layer layer) {
    if (!shape.causal()) {
      return tokens;
    }
    return layer.sliding() ? settings.windowCells(shape.window()) : settings.cells();
  }

  /** Whether queries and keys are rotated, as before a quantised cache. */
  boolean rotatesKeys(ModelShape.Layer layer) {
    return rotates(settings.keys(), layer.sliding() ? windowKeyWidth : fullKeyWidth);
  }

  /** Whether values are rotated. */
  boolean rotatesValues(ModelShape.Layer layer) {
    return rotates(settings.values(), layer.sliding() ? windowValueWidth : fullValueWidth);
  }

  /** llama.cpp rotates by Hadamard matrices where a cache's heads are alike, in multiples of 64. */
  private boolean rotates(CacheType type, long width) {
    return type.quantised()
        && shape.causal()
        && !shape.latent().absorbed()
        && width > 0
        && width % 64 == 0;
  }

  private long headWidth(boolean keys, boolean sliding) {
    long width = 0;
    for (int i = 0; i < shape.layers().size(); i++) {
      ModelShape.Layer layer = shape.layers().get(i);
      if (layer.caches() && layer.attends() && layer.sliding() == sliding) {
        long own = keys ? layer.keyWidth() : layer.valueWidth();
        if (width > 0 && width != own) {
          return 1;
        }
        width = own;
      }
    }
    return width;
  }
}

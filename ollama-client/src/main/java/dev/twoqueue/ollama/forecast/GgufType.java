package dev.twoqueue.ollama.forecast;

/** The types of values in a GGUF file's keys, in the order of their numbers. */
enum GgufType {
  UINT8(1),
  INT8(1),
  UINT16(2),
  INT16(2),
  UINT32(4),
  INT32(4),
  FLOAT32(4),
  BOOL(1),
  STRING(0),
  ARRAY(0),
  UINT64(8),
  INT64(8),
  FLOAT64(8);

  private static final GgufType[] TYPES = values();

  private final int bytes;

  GgufType(int bytes) {
    this.bytes = bytes;
  }

  static GgufType of(String key, int number, long offset) throws GgufException {
    if (number < 0 || number >= TYPES.length) {
      throw new GgufException(key, offset, "has a type that is not known: " + number);
    }
    return TYPES[number];
  }

  /** The size of one value; texts and lists have none. */
  int bytes(String key, long offset) throws GgufException {
    if (bytes == 0) {
      throw new GgufException(key, offset, "has a list inside of a list");
    }
    return bytes;
  }
}

package dev.twoqueue.ollama.forecast;

/** The types of values in a GGUF file's keys. */
enum GgufType {
  UINT8(0, 1),
  INT8(1, 1),
  UINT16(2, 2),
  INT16(3, 2),
  UINT32(4, 4),
  INT32(5, 4),
  FLOAT32(6, 4),
  BOOL(7, 1),
  STRING(8, 0),
  ARRAY(9, 0),
  UINT64(10, 8),
  INT64(11, 8),
  FLOAT64(12, 8);

  private static final GgufType[] TYPES = values();

  private final int number;
  private final int bytes;

  GgufType(int number, int bytes) {
    this.number = number;
    this.bytes = bytes;
  }

  static GgufType of(String key, int number, long offset) throws GgufException {
    for (GgufType type : TYPES) {
      if (type.number == number) {
        return type;
      }
    }
    throw new GgufException(key, offset, "has a type that is not known: " + number);
  }

  /** Its number in a file. */
  int number() {
    return number;
  }

  /** The size of one value; texts and lists have none. */
  int bytes(String key, long offset) throws GgufException {
    if (bytes == 0) {
      throw new GgufException(key, offset, "has a list inside of a list");
    }
    return bytes;
  }
}
